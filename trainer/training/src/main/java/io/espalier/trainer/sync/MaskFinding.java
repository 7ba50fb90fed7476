package io.espalier.trainer.sync;

import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.trainer.state.MaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Describes a parameter that harms training, as a mask update shows it. */
public sealed interface MaskFinding {
  ParameterId parameter();

  /** Values, limit and way out, for people to read. */
  String text();

  /**
   * Weights that passes do not see have grown beyond those that they see, by gradients to which
   * nothing answers: they return at their full size and throw the network off.
   *
   * <p>An update by magnitude hides weights that are smaller than all kept ones. In soft runs that
   * keep their accuracy the largest hidden one reaches twice the mean size of kept ones before the
   * next update; in those that collapse it reaches 10 to 17 times that mean. Hidden weights that
   * are larger in the mean are out of hand whatever their largest.
   */
  record HiddenGrowth(
      ParameterId parameter, double largestHidden, double meanHidden, double meanKept)
      implements MaskFinding {
    /** Limits the largest hidden weight, in means of kept ones. */
    static final double MOST = 4;

    @Override
    public String text() {
      return String.format(
          Locale.ROOT,
          "%s: hidden weights outgrow kept ones: the largest is %.3g and their mean %.3g, where"
              + " kept ones have a mean of %.3g, of which %.0f times is the most; raise"
              + " prune.mask.masked-decay, lower prune.mask.hidden-gradient, or bring updates"
              + " closer by prune.schedule.updates",
          parameter.name(),
          largestHidden,
          meanHidden,
          meanKept,
          MOST);
    }

    static Optional<HiddenGrowth> of(ParameterId id, float[] weights, Mask kept) {
      double keptSum = 0;
      double hiddenSum = 0;
      float largest = 0;
      for (int unit = 0; unit < weights.length; unit++) {
        float size = Math.abs(weights[unit]);
        if (kept.isKept(unit)) {
          keptSum += size;
        } else {
          hiddenSum += size;
          largest = Math.max(largest, size);
        }
      }
      double meanKept = keptSum / Math.max(1, kept.kept());
      double meanHidden = hiddenSum / Math.max(1, kept.pruned());
      return largest > MOST * meanKept || meanHidden > meanKept
          ? Optional.of(new HiddenGrowth(id, largest, meanHidden, meanKept))
          : Optional.empty();
    }
  }

  /**
   * More than half of a layer's outputs read nothing any more: they are constant, and the layer is
   * narrower than the recipe asked for.
   */
  record DeadUnits(ParameterId parameter, int dead, int units) implements MaskFinding {
    static final double MOST = 0.5;

    @Override
    public String text() {
      return String.format(
          Locale.ROOT,
          "%s: %d of %d outputs have no weight left, and half is the most; prune the parameter"
              + " less by prune.min-keep or prune.allocation, more gradually by prune.schedule.end,"
              + " or whole outputs by prune.granularity",
          parameter.name(),
          dead,
          units);
    }

    /** Empty also where masks keep or prune outputs as a whole, as they were asked to. */
    static Optional<DeadUnits> of(ParameterShape shape, Mask kept) {
      int outputs = shape.dimensions().get(0);
      int perOutput = shape.size() / outputs;
      int dead = 0;
      for (int output = 0; output < outputs; output++) {
        int next = kept.nextKept(output * perOutput);
        dead += next < 0 || next >= (output + 1) * perOutput ? 1 : 0;
      }
      boolean ofWholeOutputs = kept.kept() == (outputs - dead) * perOutput;
      return dead > MOST * outputs && !ofWholeOutputs
          ? Optional.of(new DeadUnits(shape.id(), dead, outputs))
          : Optional.empty();
    }
  }

  /**
   * The findings of an update.
   *
   * @param before the masks under which the weights were trained
   * @param weights of each parameter, averaged, before the update
   */
  static List<MaskFinding> of(MaskState before, List<float[]> weights, MaskSet next) {
    List<MaskFinding> findings = new ArrayList<>();
    for (int p = 0; p < next.parameters().size(); p++) {
      ParameterId id = next.parameters().get(p);
      Mask kept = before.masks().masks().get(p);
      if (before.hidesLivingUnits() && !choosesByTrainedValues(before) && kept.pruned() > 0) {
        HiddenGrowth.of(id, weights.get(p), kept).ifPresent(findings::add);
      }
      DeadUnits.of(next.layout().shape(id).orElseThrow(), next.masks().get(p))
          .ifPresent(findings::add);
    }
    return findings;
  }

  /** Then sizes of hidden weights say nothing: movement keeps small ones that grow. */
  private static boolean choosesByTrainedValues(MaskState masks) {
    return masks.kind().state().stream().anyMatch(each -> each.training().isPresent());
  }
}
