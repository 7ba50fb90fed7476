package io.espalier.trainer.checkpoint;

import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.file.StoredTensor;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.prepare.PreparedRun;
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
    List<ParameterSpec> parameters = run.network().parameters();
    for (int i = 0; i < parameters.size(); i++) {
      for (int slot = 0; slot < slots(run, i); slot++) {
        tensors.put(
            name(parameters.get(i), slot),
            StoredTensor.ofFloats(parameters.get(i).shape().dimensions(), state.values(i, slot)));
      }
    }
    Safetensors.write(directory.resolve(NAME), tensors, Map.of());
  }

  static TrainingState read(Path directory, PreparedRun run) throws IOException {
    Safetensors file = Safetensors.read(directory.resolve(NAME));
    TrainingState state = new TrainingState(run.stateLayout());
    List<ParameterSpec> parameters = run.network().parameters();
    for (int i = 0; i < parameters.size(); i++) {
      for (int slot = 0; slot < slots(run, i); slot++) {
        state.array(i, slot).put(tensor(file, parameters.get(i), slot).floats());
      }
    }
    return state;
  }

  private static StoredTensor tensor(Safetensors file, ParameterSpec parameter, int slot)
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

  private static int slots(PreparedRun run, int parameter) {
    return run.stateLayout().entries().get(parameter).slots();
  }

  private static String name(ParameterSpec parameter, int slot) {
    String value = parameter.id().name();
    return slot == 0 ? value : value + ".moment" + slot;
  }
}
