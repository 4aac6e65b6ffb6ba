#pragma once

#include "co_codec.h"
#include "co_color.h"
#include "co_filter.h"
#include "co_geometry.h"
#include "co_jpeg.h"
#include "co_paint.h"
#include "co_paste.h"
#include "co_png.h"
#include "co_status.h"
#include "co_view.h"
