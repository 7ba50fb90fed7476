package io.espalier.trainer.offline;

import io.espalier.configs.InvalidConfigException;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.file.TensorSpan;
import io.espalier.trainer.state.StateLayout;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Carries what an update changes over to the tensors of a file. Used once. */
final class ChangedTensors {
  private final TensorFile file;
  private final Map<ParameterId, TensorPlace> places;
  private final Map<String, TensorSpan> spans = new HashMap<>();
  private final Map<String, BitSet> pruned = new HashMap<>();
  private final Map<String, FloatBuffer> changed = new HashMap<>();
  private final TensorValues reader = new TensorValues();

  ChangedTensors(TensorFile file, Map<ParameterId, TensorPlace> places) {
    this.file = file;
    this.places = places;
    file.tensors().forEach(span -> spans.put(span.name(), span));
  }

  PruneOutcome of(FirstUpdate update) throws IOException {
    List<Mask> masks = update.after().masks().masks().masks();
    List<StateLayout.Entry> entries = update.after().run().stateLayout().entries();
    for (int i = 0; i < entries.size(); i++) {
      Mask kept = entries.get(i).mask().map(masks::get).orElse(Mask.allKept(entries.get(i).size()));
      float[] before = update.before().state().values(i, 0);
      float[] after = update.after().state().values(i, 0);
      take(entries.get(i), kept, before, after);
    }
    List<PrunableTensor> tensors = new ArrayList<>();
    List<Mask> kept = new ArrayList<>();
    for (TensorSpan span : file.tensors()) {
      Optional.ofNullable(pruned.get(span.name()))
          .ifPresent(
              gone -> {
                PrunableTensor tensor = new PrunableTensor(file.path(), span);
                tensors.add(tensor);
                kept.add(Mask.of(tensor.shape().size(), value -> !gone.get(value)));
              });
    }
    return new PruneOutcome(tensors, kept, changed, errors(update));
  }

  /** Of layers that share a tensor the largest. */
  private Map<String, Double> errors(FirstUpdate update) {
    Map<String, Double> errors = new HashMap<>();
    update
        .errors()
        .forEach(
            (weight, error) ->
                Optional.ofNullable(places.get(weight))
                    .ifPresent(place -> errors.merge(place.tensor(), error, Math::max)));
    return errors;
  }

  private void take(StateLayout.Entry entry, Mask kept, float[] before, float[] after)
      throws IOException {
    boolean refitted = false;
    for (int unit = 0; unit < after.length && !refitted; unit++) {
      refitted = kept.isKept(unit) && differ(before[unit], after[unit]);
    }
    Optional<TensorPlace> place = Optional.ofNullable(places.get(entry.id()));
    Optional<TensorSpan> span = place.flatMap(at -> Optional.ofNullable(spans.get(at.tensor())));
    if (span.isEmpty()) {
      requireSame(entry.id(), kept.pruned() == 0 && !refitted);
      return;
    }
    if (entry.mask().isPresent()) {
      BitSet gone = pruned.computeIfAbsent(span.get().name(), name -> new BitSet());
      for (int unit = 0; unit < after.length; unit++) {
        gone.set(place.get().index().applyAsInt(unit), !kept.isKept(unit));
      }
    }
    if (refitted) {
      float[] values = values(span.get()).array();
      for (int unit = 0; unit < after.length; unit++) {
        values[place.get().index().applyAsInt(unit)] = after[unit];
      }
    }
  }

  private FloatBuffer values(TensorSpan span) throws IOException {
    FloatBuffer values = changed.get(span.name());
    if (values == null) {
      values = FloatBuffer.wrap(reader.read(new PrunableTensor(file.path(), span)));
      changed.put(span.name(), values);
    }
    return values;
  }

  private static boolean differ(float before, float after) {
    return Float.floatToRawIntBits(before) != Float.floatToRawIntBits(after);
  }

  private void requireSame(ParameterId id, boolean same) {
    if (!same) {
      throw InvalidConfigException.of(
          "calibrate",
          "must not change a parameter that the file does not hold as the network uses it: file=%s, parameter=%s; leave it dense by --exclude, or take no refit"
              .formatted(file.path(), id.name()));
    }
  }
}
