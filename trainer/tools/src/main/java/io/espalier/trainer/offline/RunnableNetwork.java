package io.espalier.trainer.offline;

import io.espalier.configs.DataConfig;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.TrainConfig;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.file.MalformedFileException;
import io.espalier.trainer.network.Network;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A file whose network Espalier can run. */
sealed interface RunnableNetwork permits EspalierNetwork, ImportedOnnx {
  /** Throws {@link MalformedFileException} if the file does not say how its network computes. */
  static RunnableNetwork of(NetworkFiles files) throws IOException {
    TensorFile first = files.files().get(0);
    if (files.index().isEmpty() && first.isModel()) {
      return EspalierNetwork.read(first.path());
    }
    if (files.index().isEmpty() && first.path().toString().endsWith(".onnx")) {
      return new ImportedOnnx(first.path());
    }
    throw new MalformedFileException(
        files.index().orElse(first.path()),
        "a network must run to be calibrated, so be a model that Espalier wrote or an ONNX file: safetensors of other programs hold no layers; export it as ONNX, or train from it with model.weights and prune what that gives");
  }

  /** The model of a recipe that starts from this file. */
  ModelConfig model();

  /** The part of {@code standard} that the network was trained otherwise with. */
  TrainConfig train(TrainConfig standard);

  /** The data of a recipe, in the network's encoding where it has one. */
  Dataset data(DataConfig data, Calibration calibration, long seed);

  /** The rows of a file, whose format the network must know. */
  Dataset rows(Path path, Calibration calibration, long seed) throws IOException;

  Network network(Dataset dataset);

  /** Where the file has each parameter; empty of one that it does not hold as it is used. */
  Map<ParameterId, TensorPlace> places(Network network);
}
