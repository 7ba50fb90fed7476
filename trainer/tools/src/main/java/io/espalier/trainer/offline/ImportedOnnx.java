package io.espalier.trainer.offline;

import io.espalier.configs.DataConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.TrainConfig;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.source.Datasets;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.onnx.read.InitializerTrace;
import io.espalier.trainer.onnx.read.OnnxImport;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An ONNX file of operators that Espalier knows; inputs come as in a run of {@code model.file}. */
record ImportedOnnx(Path file) implements RunnableNetwork {
  @Override
  public ModelConfig model() {
    return new ModelConfig(onnx());
  }

  @Override
  public TrainConfig train(TrainConfig standard) {
    return standard;
  }

  @Override
  public Dataset data(DataConfig data, Calibration calibration, long seed) {
    return Datasets.load(data, seed, calibration.home());
  }

  @Override
  public Dataset rows(Path path, Calibration calibration, long seed) {
    throw InvalidConfigException.of(
        "calibrate",
        "must be data as a recipe names them, as an ONNX file does not say how rows become inputs: data=%s; write \"{ kind = csv, path = …, label = … }\", or another kind"
            .formatted(path));
  }

  @Override
  public Network network(Dataset dataset) {
    return OnnxImport.read(onnx(), dataset.input(), dataset.classes(), dataset.padding()).network();
  }

  @Override
  public Map<ParameterId, TensorPlace> places(Network network) {
    Map<ParameterId, TensorPlace> places = new HashMap<>();
    InitializerTrace.of(onnx(), network)
        .forEach(
            (id, source) -> places.put(id, new TensorPlace(source.initializer(), source::index)));
    return places;
  }

  private ModelConfig.Onnx onnx() {
    return new ModelConfig.Onnx(file, Optional.empty(), List.of());
  }
}
