package io.espalier.trainer.network;

import ai.djl.ndarray.NDArray;
import io.espalier.trainer.engine.Constant;

/** x / (1 + |x|) (Turian, Bergstra and Bengio, 2009). */
record Softsign() implements Layer {
  static final LayerKind KIND = LayerKind.of("softsign", Softsign.class, Softsign::new);

  @Override
  public NDArray forward(Forward pass) {
    NDArray input = pass.input();
    return input.div(input.abs().add(Constant.beside(input, 1)));
  }

  @Override
  public String export(OnnxNode node) {
    return node.whole("Softsign", node.input());
  }
}
