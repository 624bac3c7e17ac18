// module Unlearning
