package io.espalier.actors.events;

import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.picture.DensityGrid;
import io.espalier.masks.picture.MaskPictures;
import io.espalier.telemetry.event.MaskEvent.MaskPicture;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Node;
import io.espalier.trainer.prepare.PreparedRun;
import java.util.ArrayList;
import java.util.List;

/**
 * Which masks of a run are pictured: at {@link #MOST_MOMENTS} updates at most, evenly spread, the
 * first prunable parameter and one of the others, which take turns; and at the last update all of
 * them. Of more than {@link #MOST_PARAMETERS} parameters the first ones count.
 */
final class MaskAlbum {
  static final int MOST_MOMENTS = 32;
  static final int MOST_PARAMETERS = 64;

  private final Network network;
  private final List<ParameterShape> prunable;
  private final int updates;

  MaskAlbum(PreparedRun run) {
    this.network = run.network();
    this.prunable = run.prunable();
    this.updates = run.plan().updates().size();
  }

  /** The pictures to take of a mask set, which is as many updates old as its version says. */
  List<MaskPicture> pictures(long step, MaskSet masks) {
    int update = masks.version().number();
    List<MaskPicture> pictures = new ArrayList<>();
    for (ParameterShape shape : pictured(update)) {
      Mask mask = masks.mask(shape.id());
      String columns = shape.rank() == 4 ? "input, window row, window column" : "input";
      DensityGrid weights = MaskPictures.weights(shape, mask);
      pictures.add(picture(shape, step, update, MaskPicture.WEIGHTS, "output", columns, weights));
      pictures.addAll(inputs(shape, mask, step, update));
    }
    return pictures;
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

  /** Number of the moment that an update is, from 1. */
  private int moment(int update) {
    return (int) Math.min(update, (long) update * MOST_MOMENTS / updates);
  }

  /** Whether this update, counted from 1, is the first of its share of all updates. */
  private boolean isMoment(int update) {
    return (long) update * MOST_MOMENTS / updates > (update - 1L) * MOST_MOMENTS / updates;
  }

  /** What of the examples a parameter looks at, if it reads them. */
  private List<MaskPicture> inputs(ParameterShape shape, Mask mask, long step, int update) {
    List<MaskPicture> pictures = new ArrayList<>();
    for (Node node : network.nodes()) {
      if (!shape.id().name().equals(node.name() + ".weight")) {
        continue;
      }
      if (node.layer() instanceof Layer.Convolution && node.inputs().contains(Network.INPUT)) {
        DensityGrid grid = MaskPictures.window(shape, mask);
        pictures.add(picture(shape, step, update, MaskPicture.WINDOW, "row", "column", grid));
      } else if (node.layer() instanceof Layer.Linear && readsFlatExamples(node)) {
        ImageShape input = network.input();
        DensityGrid grid = MaskPictures.pixels(shape, mask, input.height(), input.width());
        pictures.add(picture(shape, step, update, MaskPicture.PIXELS, "row", "column", grid));
      }
    }
    return pictures;
  }

  private boolean readsFlatExamples(Node node) {
    return network.nodes().stream()
        .filter(each -> node.inputs().contains(each.name()))
        .anyMatch(
            each -> each.layer() instanceof Layer.Flatten && each.inputs().contains(Network.INPUT));
  }

  private static MaskPicture picture(
      ParameterShape shape,
      long step,
      int update,
      String view,
      String rowAxis,
      String columnAxis,
      DensityGrid grid) {
    return new MaskPicture(
        shape.id().name(),
        step,
        update,
        view,
        grid.rows(),
        grid.columns(),
        rowAxis,
        columnAxis,
        grid.full(),
        grid.base64());
  }
}
