package io.espalier.masks.refit;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Sets the running mean and variance of each batch norm behind a pruned layer to those of the
 * layer's outputs with kept weights alone, over the measured inputs {@code x}: {@code w·mean x + b}
 * and {@code wᵀ (mean x xᵀ − mean x mean xᵀ) w}. Weights stay as they are (the calibration of Wang
 * et al., "Structurally prune anything", 2024, and of Li et al., "EagleEye", 2020, from products
 * that are measured once).
 */
record NormCalibration(MeasuredLayers layers, boolean readsPrunedInputs) implements Refit {
  static NormCalibration of(MemberSettings settings) {
    return new NormCalibration(
        MeasuredLayers.over(RefitBatches.of(settings)), RefitInputs.arePruned(settings));
  }

  @Override
  public List<StatisticRequest> requests() {
    return layers.requests();
  }

  @Override
  public Set<Part> changes() {
    return Set.of(Part.NORM);
  }

  @Override
  public void check(List<ParameterShape> prunable) {
    layers.check(prunable);
  }

  @Override
  public void refit(EditableState values, MaskSet kept, Statistics statistics) {
    for (int p = 0; p < kept.parameters().size(); p++) {
      ParameterId id = kept.parameters().get(p);
      Optional<EditableState.Norm> norm = values.norm(id);
      if (norm.isPresent()) {
        Moments moments =
            new Moments(
                kept.layout().shape(id).orElseThrow(),
                values.values(id),
                kept.masks().get(p),
                statistics.of(layers.products(), p).get(0),
                statistics.of(layers.means(), p).get(0));
        float[] shift = values.bias(id).map(values::values).orElse(new float[0]);
        moments.write(
            shift, values.values(norm.get().mean()), values.values(norm.get().variance()));
      }
    }
  }

  /** The moments of a layer's outputs. */
  private static final class Moments {
    private final int features;
    private final float[] weights;
    private final Mask kept;

    /** {@code [groups, features, features]}. */
    private final float[] products;

    /** {@code [groups, features]}. */
    private final float[] means;

    Moments(ParameterShape shape, float[] weights, Mask kept, float[] products, float[] means) {
      this.features = shape.size() / shape.dimensions().get(0);
      this.weights = weights;
      this.kept = kept;
      this.products = products;
      this.means = means;
    }

    /** Writes what changes: outputs that lose nothing keep their statistics. */
    void write(float[] bias, float[] mean, float[] variance) {
      int perGroup = mean.length / (means.length / features);
      for (int output = 0; output < mean.length; output++) {
        double[] living = living(output);
        int group = output / perGroup * features;
        double first = 0;
        double second = 0;
        for (int a = 0; a < features; a++) {
          first += living[a] * means[group + a];
          double sum = 0;
          for (int b = 0; b < features && living[a] != 0; b++) {
            sum += living[b] * products[(group + a) * features + b];
          }
          second += living[a] * sum;
        }
        if (loses(output)) {
          mean[output] = (float) (first + (bias.length == 0 ? 0 : bias[output]));
          variance[output] = (float) Math.max(0, second - first * first);
        }
      }
    }

    private double[] living(int output) {
      double[] living = new double[features];
      for (int i = 0; i < features; i++) {
        living[i] = kept.isKept(output * features + i) ? weights[output * features + i] : 0;
      }
      return living;
    }

    private boolean loses(int output) {
      for (int unit = output * features; unit < (output + 1) * features; unit++) {
        if (!kept.isKept(unit) && weights[unit] != 0) {
          return true;
        }
      }
      return false;
    }
  }
}
