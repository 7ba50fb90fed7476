package com.example.pruning;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import io.espalier.trainer.engine.ConstantOperand;
import io.espalier.trainer.engine.op.EngineOp;
import io.espalier.trainer.engine.op.Forward;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.LayerKind;
import io.espalier.trainer.network.RecipeForm;
import io.espalier.trainer.network.TensorShape;
import io.espalier.trainer.onnx.write.OnnxNode;
import io.espalier.trainer.onnx.write.OnnxWriter;
import io.espalier.trainer.sparse.ExampleFunction;
import io.espalier.trainer.sparse.Operation;
import io.espalier.trainer.sparse.SparseNode;
import io.espalier.trainer.sparse.SparseOp;
import java.util.Arrays;
import java.util.List;

/**
 * Attention of one head without a softmax: at each position the sum of values, weighed by {@code
 * relu(scale · query · key) / positions} (Wortsman et al., "Replacing softmax with ReLU in Vision
 * Transformers", 2023). Reads queries, keys and values, {@code [features, positions]}. Its channels
 * are those of all three, which are cut together.
 */
public record ReluAttention(float scale) implements Layer {
  @Override
  public boolean takes(int inputs) {
    return inputs == 3;
  }

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    TensorShape queries = inputs.get(0).requireSequence();
    if (!inputs.stream().allMatch(queries::equals)) {
      throw new TensorShape.MismatchException(
          "from", "queries, keys and values must have one shape: inputs=" + inputs);
    }
    return queries;
  }

  /** Its name in recipes and model files. */
  public static final class Recipe implements RecipeForm<ReluAttention> {
    @Override
    public LayerKind kind() {
      return LayerKind.of(
              "relu-attention",
              ReluAttention.class,
              settings -> {
                float scale = (float) settings.number("scale", 0.25);
                return sizes -> new ReluAttention(scale);
              })
          .joining(3, 3);
    }
  }

  /** On the engine, batch first. */
  public static final class Engine implements EngineOp<ReluAttention> {
    @Override
    public NDArray forward(ReluAttention layer, Forward pass) {
      NDArray queries = pass.input().transpose(0, 2, 1);
      double factor = (double) layer.scale() / pass.input().getShape().get(2);
      NDArray products = queries.batchMatMul(pass.inputs().get(1));
      NDArray weights = Activation.relu(products).mul(ConstantOperand.beside(products, factor));
      return pass.inputs().get(2).batchMatMul(weights.transpose(0, 2, 1));
    }
  }

  /** In plain Java. */
  public static final class Sparse implements SparseOp<ReluAttention> {
    @Override
    public Operation of(ReluAttention layer, SparseNode at) {
      return at.byExample(new OneExample(layer.scale(), at.output().positions()));
    }
  }

  /** In ONNX files. */
  public static final class Onnx implements OnnxWriter<ReluAttention> {
    @Override
    public String write(ReluAttention layer, OnnxNode to) {
      String queries = to.transposed("queries", to.input(), 0, 2, 1);
      String products = to.part("products", "MatMul", queries, to.inputs().get(1));
      String factor = to.scalar("factor", layer.scale() / to.output().positions());
      String weights = to.part("weights", "Mul", to.part("seen", "Relu", products), factor);
      return to.whole("MatMul", to.inputs().get(2), to.transposed("turned", weights, 0, 2, 1));
    }
  }

  private record OneExample(float scale, int positions) implements ExampleFunction {
    @Override
    public void forward(List<float[]> inputs, float[] output) {
      float[] values = inputs.get(2);
      float[] weights = weights(inputs.get(0), inputs.get(1));
      Arrays.fill(output, 0);
      for (int at = 0; at < output.length; at++) {
        int feature = at / positions * positions;
        for (int key = 0; key < positions; key++) {
          output[at] += weights[at % positions * positions + key] * values[feature + key];
        }
      }
    }

    @Override
    public void backward(List<float[]> inputs, float[] gradient, List<float[]> inputGradients) {
      float[] values = inputs.get(2);
      float[] weights = weights(inputs.get(0), inputs.get(1));
      float[] slopes = new float[weights.length];
      for (int at = 0; at < gradient.length; at++) {
        int feature = at / positions * positions;
        for (int key = 0; key < positions; key++) {
          int pair = at % positions * positions + key;
          inputGradients.get(2)[feature + key] += weights[pair] * gradient[at];
          slopes[pair] += weights[pair] > 0 ? gradient[at] * values[feature + key] : 0;
        }
      }
      for (int at = 0; at < gradient.length; at++) {
        int feature = at / positions * positions;
        for (int key = 0; key < positions; key++) {
          float slope = slopes[at % positions * positions + key] * scale / positions;
          inputGradients.get(0)[at] += slope * inputs.get(1)[feature + key];
          inputGradients.get(1)[feature + key] += slope * inputs.get(0)[at];
        }
      }
    }

    /** {@code [query position, key position]}. */
    private float[] weights(float[] queries, float[] keys) {
      float[] products = new float[positions * positions];
      for (int at = 0; at < queries.length; at++) {
        int feature = at / positions * positions;
        for (int key = 0; key < positions; key++) {
          products[at % positions * positions + key] += queries[at] * keys[feature + key];
        }
      }
      for (int pair = 0; pair < products.length; pair++) {
        products[pair] = Math.max(0, products[pair]) * scale / positions;
      }
      return products;
    }
  }
}
