package io.espalier.trainer.federated;

import io.espalier.configs.RoundsConfig;
import io.espalier.configs.RoundsConfig.AggregationConfig;
import io.espalier.masks.federated.MedianBound;
import io.espalier.masks.federated.NormClip;
import io.espalier.trainer.federated.RoundMerge.Contribution;
import io.espalier.trainer.state.StateLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Limits what a client's update does to the network: by {@code clip-norm} alone, and by the medians
 * of its round. Trained values and norm statistics have bounds of their own. Norms are compared per
 * held value (root mean squares), so that narrow networks and sparse masks are measured like
 * others. Robust rules see updates at their own length: a false one that is scaled down lies nearer
 * to the true ones.
 */
final class UpdateBounds {
  private final StateLayout layout;
  private final Optional<NormClip> clip;
  private final Optional<MedianBound> norms;
  private final Optional<MedianBound> weights;

  UpdateBounds(StateLayout layout, RoundsConfig rounds) {
    this.layout = layout;
    this.clip = rounds.client().clipNorm().map(NormClip::new);
    this.norms =
        rounds.merge().aggregation() instanceof AggregationConfig.Mean
            ? rounds.merge().normBound().map(MedianBound::new)
            : Optional.empty();
    this.weights = rounds.merge().weightBound().map(MedianBound::new);
  }

  /**
   * The bounds of a round; reads all contributions once if there are any, and keeps three numbers
   * of each.
   */
  Limits of(Iterable<Contribution> contributions) {
    if (norms.isEmpty() && weights.isEmpty()) {
      return new Limits(
          Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
    }
    List<Size> sizes = new ArrayList<>();
    contributions.forEach(each -> sizes.add(size(each)));
    return new Limits(
        limit(weights, sizes, Size::weight),
        limit(norms, sizes, Size::trained),
        limit(norms, sizes, Size::statistics));
  }

  private static double limit(
      Optional<MedianBound> bound, List<Size> sizes, ToDoubleFunction<Size> size) {
    return bound
        .map(each -> each.of(sizes.stream().mapToDouble(size).toArray()))
        .orElse(Double.POSITIVE_INFINITY);
  }

  private Size size(Contribution from) {
    if (norms.isEmpty() || !(from.result() instanceof ClientResult.Trained)) {
      return new Size(from.weight(), 0, 0);
    }
    Part trained = part(from, true);
    Part statistics = part(from, false);
    double norm = NormClip.norm(trained.changes());
    return new Size(
        from.weight(),
        perValue(clip.map(limit -> Math.min(norm, limit.limit())).orElse(norm), trained),
        perValue(NormClip.norm(statistics.changes()), statistics));
  }

  private static double perValue(double norm, Part part) {
    return part.held() == 0 ? 0 : norm / Math.sqrt(part.held());
  }

  private Part part(Contribution from, boolean trained) {
    ClientResult.Trained result = (ClientResult.Trained) from.result();
    List<float[]> changes = new ArrayList<>();
    double held = 0;
    for (int i = 0; i < layout.entries().size(); i++) {
      StateLayout.Entry entry = layout.entries().get(i);
      if (entry.role().isTrained() == trained) {
        float[] change = result.changes().get(i);
        changes.add(change);
        held +=
            entry.mask().isPresent()
                ? from.holds().masks().get(entry.mask().get()).kept()
                : change.length;
      }
    }
    return new Part(changes, held);
  }

  /** Numbers of one contribution; norms are per held value. */
  private record Size(double weight, double trained, double statistics) {}

  /** The changes of trained values, or those of norm statistics, as many as the client holds. */
  private record Part(List<float[]> changes, double held) {}

  /** The bounds of one round; infinite for none. */
  final class Limits {
    private final double weight;
    private final double trained;
    private final double statistics;

    private Limits(double weight, double trained, double statistics) {
      this.weight = weight;
      this.trained = trained;
      this.statistics = statistics;
    }

    /** The contribution with the weight that it counts by; scales its changes down in place. */
    Contribution applied(Contribution each) {
      if (each.result() instanceof ClientResult.Trained) {
        Part values = part(each, true);
        clip.ifPresent(limit -> limit.clip(values.changes()));
        scale(values, trained);
        scale(part(each, false), statistics);
      }
      return each.within(weight);
    }

    private static void scale(Part part, double perValue) {
      double limit = perValue * Math.sqrt(part.held());
      if (part.held() > 0 && Double.isFinite(limit)) {
        new NormClip(limit).clip(part.changes());
      }
    }
  }
}
