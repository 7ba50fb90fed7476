package io.espalier.training.run;

import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.structure.AxisSlices;
import io.espalier.telemetry.event.MaskEvent.MaskPicture;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.prepare.PreparedRun;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToIntBiFunction;
import java.util.stream.Collectors;

/**
 * Pictures of a run's masks: at {@link #MOST_MOMENTS} updates at most, evenly distributed, the
 * first prunable parameter and one of the others in turn; at the last update all, up to {@link
 * #MOST_PARAMETERS}. All are drawn in the whole network, so that they compare across a cut.
 */
final class MaskImageSampler {
  static final int MOST_MOMENTS = 32;
  static final int MOST_PARAMETERS = 64;

  private final ImageShape input;
  private final List<ParameterShape> prunable;
  private final Set<ParameterId> windows;
  private final Set<ParameterId> images;
  private final int updates;
  private final ToIntBiFunction<Long, MaskSet> age;

  MaskImageSampler(PreparedRun run) {
    Network network = run.wholeNetwork();
    this.input = network.input();
    Set<ParameterId> ids = new HashSet<>(run.prunableIds());
    this.prunable =
        network.parameters().stream()
            .map(ParameterSpec::shape)
            .filter(shape -> ids.contains(shape.id()))
            .toList();
    this.windows = readers(network, 4, node -> node.inputs().contains(Network.INPUT));
    this.images = readers(network, 2, node -> readsFlatExamples(network, node));
    this.updates = run.plan().updates().size();
    // A cut without an update has a version too.
    this.age =
        run.channels().isPresent()
            ? (step, masks) -> updatesUntil(run, step)
            : (step, masks) -> masks.version().number();
  }

  private static int updatesUntil(PreparedRun run, long step) {
    return (int) run.plan().updates().stream().filter(update -> update.step() <= step).count();
  }

  List<MaskPicture> pictures(long step, MaskSet masks) {
    int update = age.applyAsInt(step, masks);
    int version = masks.version().number();
    List<MaskPicture> pictures = new ArrayList<>();
    for (ParameterShape shape : pictured(update)) {
      Mask mask = whole(masks, shape);
      String columns = shape.rank() == 4 ? "input, window row, window column" : "input";
      DensityGrid weights = MaskPictures.weights(shape, mask);
      pictures.add(picture(shape, step, version, MaskPicture.WEIGHTS, "output", columns, weights));
      inputs(shape, mask, step, version).ifPresent(pictures::add);
    }
    return pictures;
  }

  /** The mask over the whole network's parameter, in which cut units are not kept. */
  private static Mask whole(MaskSet masks, ParameterShape shape) {
    if (!masks.isPrunable(shape.id())) {
      return Mask.of(shape.size(), unit -> false);
    }
    Mask present = masks.mask(shape.id());
    if (masks.layout().isDense()) {
      return present;
    }
    int[] places = AxisSlices.originalIndices(masks.layout(), shape.id());
    BitSet kept = new BitSet(shape.size());
    present.forEachKept(unit -> kept.set(places[unit]));
    return Mask.of(shape.size(), kept::get);
  }

  private List<ParameterShape> pictured(int update) {
    List<ParameterShape> all = prunable.subList(0, Math.min(MOST_PARAMETERS, prunable.size()));
    if (update == updates || (all.size() < 2 && isMoment(update))) {
      return all;
    }
    return isMoment(update)
        ? List.of(all.get(0), all.get(1 + (moment(update) - 1) % (all.size() - 1)))
        : List.of();
  }

  /** Number of an update's moment, from 1. */
  private int moment(int update) {
    return (int) Math.min(update, (long) update * MOST_MOMENTS / updates);
  }

  /** Whether this update, counted from 1, is the first of its share of all updates. */
  private boolean isMoment(int update) {
    return (long) update * MOST_MOMENTS / updates > (update - 1L) * MOST_MOMENTS / updates;
  }

  private Optional<MaskPicture> inputs(ParameterShape shape, Mask mask, long step, int version) {
    if (windows.contains(shape.id())) {
      DensityGrid grid = MaskPictures.window(shape, mask);
      return Optional.of(picture(shape, step, version, MaskPicture.WINDOW, "row", "column", grid));
    }
    if (images.contains(shape.id())) {
      DensityGrid grid = MaskPictures.pixels(shape, mask, input.height(), input.width());
      return Optional.of(picture(shape, step, version, MaskPicture.PIXELS, "row", "column", grid));
    }
    return Optional.empty();
  }

  /** The weights of this rank whose node looks at the network's inputs. */
  private static Set<ParameterId> readers(Network network, int rank, Predicate<GraphNode> reads) {
    Set<String> names =
        network.nodes().stream()
            .filter(reads)
            .map(node -> node.name() + ".weight")
            .collect(Collectors.toSet());
    return network.parameters().stream()
        .map(ParameterSpec::shape)
        .filter(shape -> shape.rank() == rank && names.contains(shape.id().name()))
        .map(ParameterShape::id)
        .collect(Collectors.toSet());
  }

  private static boolean readsFlatExamples(Network network, GraphNode node) {
    return network.nodes().stream()
        .filter(each -> node.inputs().contains(each.name()))
        .filter(each -> each.inputs().contains(Network.INPUT))
        .map(each -> network.shapeOf(each.name()))
        .anyMatch(flat -> flat.isVector() && flat.size() == network.input().size());
  }

  private static MaskPicture picture(
      ParameterShape shape,
      long step,
      int version,
      String view,
      String rowAxis,
      String columnAxis,
      DensityGrid grid) {
    return new MaskPicture(
        shape.id().name(),
        step,
        version,
        view,
        grid.rows(),
        grid.columns(),
        rowAxis,
        columnAxis,
        grid.full(),
        grid.base64());
  }
}
