#pragma once

#include "ct_autograd.h"
#include "ct_device.h"
#include "ct_error.h"
#include "ct_math.h"
#include "ct_nn.h"
#include "ct_optim.h"
#include "ct_tensor.h"
#include "ct_transfer.h"
