package com.example.pruning;

import io.espalier.trainer.onnx.write.OnnxAttributes;
import io.espalier.trainer.onnx.write.OnnxNode;
import io.espalier.trainer.onnx.write.OnnxWriter;
import java.util.List;

/** The gate as operations of ONNX. */
public final class SqueezeGateOnnx implements OnnxWriter<SqueezeGate> {
  @Override
  public String write(SqueezeGate layer, OnnxNode to) {
    OnnxAttributes pixels = new OnnxAttributes().with("axes", List.of(2, 3));
    String mean = to.part("mean", "ReduceMean", List.of(to.input()), pixels);
    String scaled = to.part("scaled", "Mul", mean, to.alongChannels(to.parameters().get(0)));
    String shifted = to.part("shifted", "Add", scaled, to.alongChannels(to.parameters().get(1)));
    return to.whole("Mul", to.input(), to.part("factor", "Sigmoid", shifted));
  }
}
