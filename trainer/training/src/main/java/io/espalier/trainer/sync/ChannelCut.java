package io.espalier.trainer.sync;

import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.structure.AxisSlices;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.StateAccess;
import io.espalier.trainer.state.StateLayout;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.IntStream;

/** Copies the part of a state that survives a cut. Immutable. */
public final class ChannelCut {
  private final List<StateLayout.Entry> entries;
  private final List<Integer> sources;
  private final List<int[]> places;
  private final List<Integer> sizes;

  public ChannelCut(PreparedRun before, PreparedRun after) {
    this(before.layout(), after.layout(), before.stateLayout(), after.stateLayout());
  }

  private ChannelCut(Layout before, Layout after, StateLayout whole, StateLayout left) {
    this.entries = left.entries();
    List<ParameterId> ids = whole.entries().stream().map(StateLayout.Entry::id).toList();
    this.sources = entries.stream().map(entry -> ids.indexOf(entry.id())).toList();
    this.places = entries.stream().map(entry -> places(before, after, entry)).toList();
    this.sizes = entries.stream().map(entry -> places(before, entry).length).toList();
  }

  public void copy(StateAccess from, StateAccess to) {
    for (int i = 0; i < entries.size(); i++) {
      for (int slot = 0; slot < entries.get(i).slots(); slot++) {
        float[] all = new float[sizes.get(i)];
        from.read(sources.get(i), slot, 0, FloatBuffer.wrap(all));
        to.write(i, slot, FloatBuffer.wrap(taken(all, places.get(i))));
      }
    }
  }

  private static float[] taken(float[] all, int[] places) {
    float[] taken = new float[places.length];
    for (int i = 0; i < taken.length; i++) {
      taken[i] = all[places[i]];
    }
    return taken;
  }

  private int[] places(Layout before, Layout after, StateLayout.Entry entry) {
    int[] present = places(before, entry);
    int[] left = places(after, entry);
    int place = 0;
    for (int i = 0; i < left.length; i++) {
      while (present[place] != left[i]) {
        place++;
      }
      left[i] = place;
    }
    return left;
  }

  /** Original places; those of an auxiliary parameter follow from its weight. */
  private int[] places(Layout layout, StateLayout.Entry entry) {
    if (entry.beside().isEmpty()) {
      return AxisSlices.originalIndices(layout, entry.id());
    }
    StateLayout.Beside beside = entry.beside().get();
    ParameterId weight = entries.get(beside.weight()).id();
    return switch (beside.parameter().extent()) {
      case UNIT -> AxisSlices.originalIndices(layout, weight);
      case ROW -> kept(layout.surviving(weight, 0));
      case LAYER -> new int[] {0};
    };
  }

  private static int[] kept(Mask indices) {
    return IntStream.range(0, indices.size()).filter(indices::isKept).toArray();
  }
}
