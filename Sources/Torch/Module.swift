// module Torch
