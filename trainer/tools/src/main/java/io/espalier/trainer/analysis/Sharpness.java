package io.espalier.trainer.analysis;

import io.espalier.masks.ParameterId;
import io.espalier.trainer.network.ParameterSpec;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The largest eigenvalue of the Hessian of the training loss by the weights that are kept (Yao et
 * al., "PyHessian: Neural Networks Through the Lens of the Hessian", 2020).
 */
final class Sharpness implements NetworkDiagnostic {
  @Override
  public String name() {
    return "sharpness";
  }

  @Override
  public String summary() {
    return "largest eigenvalue of the Hessian of the loss by power iteration; twice %d passes with gradients of a sample of the training examples, at most"
        .formatted(PowerIteration.MOST_PRODUCTS);
  }

  @Override
  public Finding find(AnalysedNetwork network) {
    Sample sample = network.trainingSample();
    List<ParameterSpec> trained =
        network.network().parameters().stream().filter(spec -> spec.role().isTrained()).toList();
    List<FloatBuffer> own =
        trained.stream().map(spec -> FloatBuffer.wrap(network.values(spec.id()))).toList();
    PowerIteration found;
    try {
      found =
          PowerIteration.of(
              own,
              trained.stream().map(spec -> spec.shape().rank() > 1).toList(),
              shifts -> gradients(network, sample, trained, own, shifts),
              network.settings().seed(),
              products -> network.progress(products, PowerIteration.MOST_PRODUCTS));
    } finally {
      for (int p = 0; p < trained.size(); p++) {
        network.passes().values(trained.get(p).id()).put(own.get(p).duplicate());
      }
    }
    return finding(network, sample, found);
  }

  private static Finding finding(AnalysedNetwork network, Sample sample, PowerIteration found) {
    Finding finding =
        Finding.titled("Sharpness")
            .number("eigenvalue", "top Hessian eigenvalue", found.eigenvalue())
            .count("products", "products of the Hessian", found.products())
            .number("loss", "loss", network.evaluate(sample).loss())
            .note(
                "Of the mean cross-entropy of %,d training examples, by all trained values but pruned weights, with norm statistics as they are. It changes with the scale of the weights: compare networks of one shape."
                    .formatted(sample.count()));
    return found.converged()
        ? finding
        : finding.note(
            "The eigenvalue still changed when the iteration ended: others are almost as large.");
  }

  /** Gradients of the sample's mean loss at the network's own values with a shift. */
  private static List<float[]> gradients(
      AnalysedNetwork network,
      Sample sample,
      List<ParameterSpec> trained,
      List<FloatBuffer> own,
      List<float[]> shifts) {
    List<ParameterId> ids = trained.stream().map(ParameterSpec::id).toList();
    List<double[]> sums = new ArrayList<>();
    for (int p = 0; p < ids.size(); p++) {
      float[] shift = shifts.get(p);
      FloatBuffer live = network.passes().values(ids.get(p));
      for (int unit = 0; unit < shift.length; unit++) {
        live.put(unit, own.get(p).get(unit) + shift[unit]);
      }
      sums.add(new double[shift.length]);
    }
    network.forEachBatch(sample, batch -> network.passes().addGradients(batch, ids, sums));
    return sums.stream().map(sum -> mean(sum, sample.count())).toList();
  }

  private static float[] mean(double[] sum, int examples) {
    float[] mean = new float[sum.length];
    for (int unit = 0; unit < mean.length; unit++) {
      mean[unit] = (float) (sum[unit] / examples);
    }
    return mean;
  }
}
