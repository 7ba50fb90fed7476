package io.espalier.trainer.onnx.write;

import io.espalier.trainer.network.Multiply;
import java.util.ArrayList;
import java.util.List;

final class MultiplyWriter implements OnnxWriter<Multiply> {
  @Override
  public String write(Multiply layer, OnnxNode node) {
    boolean images = !node.output().isVector();
    List<String> factors = new ArrayList<>();
    for (int i = 0; i < node.inputs().size(); i++) {
      String factor = node.inputs().get(i);
      boolean widen = images && node.shapes().get(i).isVector();
      factors.add(
          widen ? node.part("channels", "Unsqueeze", factor, node.longs("axes", 2, 3)) : factor);
    }
    return node.whole("Mul", factors.toArray(String[]::new));
  }
}
