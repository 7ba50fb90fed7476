package io.espalier.masks.kind;

/** Gates as factors of weights, and of the gradients of weights. */
interface GateView extends WeightView {
  @Override
  default Factor forward() {
    return Factor.STEP;
  }

  @Override
  default Factor gradient() {
    return Factor.STEP;
  }
}
