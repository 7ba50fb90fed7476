package io.espalier.trainer.checkpoint;

import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.file.StoredTensor;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.state.TrainingState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Stores values under the parameters' names, optimizer moments as {@code name.moment1}, …. */
final class StateFile {
  static final String NAME = "state.safetensors";

  private StateFile() {}

  static void write(Path directory, PreparedRun run, TrainingState state) throws IOException {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    List<StateLayout.Entry> entries = run.stateLayout().entries();
    for (int i = 0; i < entries.size(); i++) {
      int entry = i;
      for (int slot = 0; slot < entries.get(i).slots(); slot++) {
        int which = slot;
        tensors.put(
            name(entries.get(i), slot),
            StoredTensor.deferred(
                entries.get(i).shape().dimensions(),
                (from, target) -> state.read(entry, which, from, target)));
      }
    }
    Safetensors.write(directory.resolve(NAME), tensors, Map.of());
  }

  static TrainingState read(Path directory, PreparedRun run) throws IOException {
    Safetensors file = Safetensors.read(directory.resolve(NAME));
    TrainingState state = new TrainingState(run.stateLayout());
    List<StateLayout.Entry> entries = run.stateLayout().entries();
    for (int i = 0; i < entries.size(); i++) {
      for (int slot = 0; slot < entries.get(i).slots(); slot++) {
        state.array(i, slot).put(tensor(file, entries.get(i), slot).floats());
      }
    }
    return state;
  }

  private static StoredTensor tensor(Safetensors file, StateLayout.Entry parameter, int slot)
      throws DamagedCheckpointException {
    String name = name(parameter, slot);
    return file.tensor(name)
        .filter(tensor -> tensor.type() == StoredTensor.Type.F32)
        .filter(tensor -> tensor.dimensions().equals(parameter.shape().dimensions()))
        .orElseThrow(
            () ->
                new DamagedCheckpointException(
                    "a state must have every tensor in its shape: tensor=%s, shape=%s"
                        .formatted(name, parameter.shape().dimensions())));
  }

  private static String name(StateLayout.Entry parameter, int slot) {
    String value = parameter.id().name();
    return slot == 0 ? value : value + ".moment" + slot;
  }
}
