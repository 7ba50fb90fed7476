package com.example.pruning;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import io.espalier.trainer.engine.op.EngineOp;
import io.espalier.trainer.engine.op.Forward;
import io.espalier.trainer.network.ActivationLayer;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.LayerKind;
import io.espalier.trainer.network.RecipeForm;
import io.espalier.trainer.onnx.write.OnnxNode;
import io.espalier.trainer.onnx.write.OnnxWriter;
import io.espalier.trainer.sparse.ExampleFunction;
import io.espalier.trainer.sparse.Operation;
import io.espalier.trainer.sparse.SparseNode;
import io.espalier.trainer.sparse.SparseOp;
import java.util.List;

/** {@code x · tanh(ln(1 + eˣ))} (Misra, "Mish: A Self Regularized Activation Function", 2020). */
public record Mish() implements Layer, ActivationLayer {
  /** Its name in recipes and model files. */
  public static final class Recipe implements RecipeForm<Mish> {
    @Override
    public LayerKind kind() {
      return LayerKind.of("mish", Mish.class, Mish::new);
    }
  }

  /** On the engine. */
  public static final class Engine implements EngineOp<Mish> {
    @Override
    public NDArray forward(Mish layer, Forward pass) {
      return pass.input().mul(Activation.tanh(Activation.softPlus(pass.input())));
    }
  }

  /** In plain Java. */
  public static final class Sparse implements SparseOp<Mish> {
    @Override
    public Operation of(Mish layer, SparseNode at) {
      return at.byExample(new Values());
    }
  }

  /** In ONNX files. */
  public static final class Onnx implements OnnxWriter<Mish> {
    @Override
    public String write(Mish layer, OnnxNode to) {
      String bend = to.part("bend", "Tanh", to.part("softplus", "Softplus", to.input()));
      return to.whole("Mul", to.input(), bend);
    }
  }

  private record Values() implements ExampleFunction {
    @Override
    public void forward(List<float[]> inputs, float[] output) {
      float[] x = inputs.get(0);
      for (int i = 0; i < x.length; i++) {
        output[i] = (float) (x[i] * bend(x[i]));
      }
    }

    @Override
    public void backward(List<float[]> inputs, float[] gradient, List<float[]> inputGradients) {
      float[] x = inputs.get(0);
      for (int i = 0; i < x.length; i++) {
        double bend = bend(x[i]);
        double slope = bend + x[i] * (1 - bend * bend) / (1 + Math.exp(-x[i]));
        inputGradients.get(0)[i] = (float) (gradient[i] * slope);
      }
    }

    private static double bend(double x) {
      return Math.tanh(Math.log1p(Math.exp(x)));
    }
  }
}
