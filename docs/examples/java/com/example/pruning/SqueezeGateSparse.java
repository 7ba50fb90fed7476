package com.example.pruning;

import io.espalier.trainer.sparse.ExampleFunction;
import io.espalier.trainer.sparse.Operation;
import io.espalier.trainer.sparse.SparseNode;
import io.espalier.trainer.sparse.SparseOp;
import io.espalier.trainer.sparse.SparseParameter;
import java.util.List;

/** The gate in plain Java. */
public final class SqueezeGateSparse implements SparseOp<SqueezeGate> {
  @Override
  public Operation of(SqueezeGate layer, SparseNode at) {
    return at.byExample(new Gate(at.parameters().get(0), at.parameters().get(1)));
  }

  private record Gate(SparseParameter scale, SparseParameter shift) implements ExampleFunction {
    @Override
    public void forward(List<float[]> inputs, float[] output) {
      float[] x = inputs.get(0);
      int plane = x.length / scale.values().length;
      for (int c = 0; c < scale.values().length; c++) {
        float factor = factor(c, mean(x, c, plane));
        for (int i = c * plane; i < (c + 1) * plane; i++) {
          output[i] = x[i] * factor;
        }
      }
    }

    @Override
    public void backward(List<float[]> inputs, float[] gradient, List<float[]> inputGradients) {
      float[] x = inputs.get(0);
      int plane = x.length / scale.values().length;
      for (int c = 0; c < scale.values().length; c++) {
        float mean = mean(x, c, plane);
        float factor = factor(c, mean);
        float ofFactor = 0;
        for (int i = c * plane; i < (c + 1) * plane; i++) {
          ofFactor += gradient[i] * x[i];
        }
        float ofSum = ofFactor * factor * (1 - factor);
        scale.gradient()[c] += ofSum * mean;
        shift.gradient()[c] += ofSum;
        for (int i = c * plane; i < (c + 1) * plane; i++) {
          inputGradients.get(0)[i] = gradient[i] * factor + ofSum * scale.values()[c] / plane;
        }
      }
    }

    private float factor(int c, float mean) {
      return (float) (1 / (1 + Math.exp(-(scale.values()[c] * mean + shift.values()[c]))));
    }

    private static float mean(float[] x, int c, int plane) {
      float sum = 0;
      for (int i = c * plane; i < (c + 1) * plane; i++) {
        sum += x[i];
      }
      return sum / plane;
    }
  }
}
