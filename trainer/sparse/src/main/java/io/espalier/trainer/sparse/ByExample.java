package io.espalier.trainer.sparse;

import java.util.Arrays;
import java.util.List;

/** Computes an {@link ExampleFunction} for each example in turn. */
final class ByExample extends Operation {
  private final ExampleFunction function;
  private final List<SparseParameter> parameters;
  private final List<float[]> inputs;
  private final List<float[]> inputGradients;
  private final float[] output;

  ByExample(SparseNode at, ExampleFunction function) {
    super(at.sources(), at.out());
    this.function = function;
    parameters = at.parameters();
    inputs = sources.stream().map(each -> new float[each.tensor.cells()]).toList();
    inputGradients = sources.stream().map(each -> new float[each.tensor.cells()]).toList();
    output = new float[out.cells()];
  }

  @Override
  List<SparseParameter> parameters() {
    return parameters;
  }

  @Override
  void forward(BatchTiles batch, boolean training, Part part) {
    for (int example = 0; example < batch.size(); example++) {
      readInputs(batch, example);
      function.forward(inputs, output);
      for (int cell = 0; cell < output.length; cell++) {
        out.values()[at(out, cell, batch) + example] = output[cell];
      }
    }
  }

  private void readInputs(BatchTiles batch, int example) {
    for (int i = 0; i < sources.size(); i++) {
      Tensor in = sources.get(i).tensor;
      float[] values = inputs.get(i);
      for (int cell = 0; cell < values.length; cell++) {
        values[cell] = in.values()[at(in, cell, batch) + example];
      }
    }
  }

  @Override
  void backward(BatchTiles batch, Part part) {
    if (parameters.isEmpty() && sources.stream().noneMatch(each -> each.needed)) {
      return;
    }
    parameters.forEach(each -> Arrays.fill(each.gradient(), 0));
    for (int example = 0; example < batch.size(); example++) {
      readInputs(batch, example);
      for (int cell = 0; cell < output.length; cell++) {
        output[cell] = out.gradient()[gradientAt(out, cell, batch) + example];
      }
      inputGradients.forEach(each -> Arrays.fill(each, 0));
      function.backward(inputs, output, inputGradients);
      for (int i = 0; i < sources.size(); i++) {
        write(sources.get(i), inputGradients.get(i), batch, example);
      }
    }
    sources.forEach(each -> each.finish(batch, part));
  }

  private static void write(Source source, float[] gradient, BatchTiles batch, int example) {
    Tensor in = source.tensor;
    for (int cell = 0; source.needed && cell < gradient.length; cell++) {
      int to = gradientAt(in, cell, batch) + example;
      in.gradient()[to] = source.adds ? in.gradient()[to] + gradient[cell] : gradient[cell];
    }
  }

  private static int at(Tensor tensor, int cell, BatchTiles batch) {
    int plane = tensor.height * tensor.width;
    int place = cell % plane;
    return tensor.at(cell / plane, place / tensor.width, place % tensor.width, batch.size());
  }

  private static int gradientAt(Tensor tensor, int cell, BatchTiles batch) {
    int plane = tensor.height * tensor.width;
    int place = cell % plane;
    return tensor.gradientAt(
        cell / plane, place / tensor.width, place % tensor.width, batch.size());
  }
}
