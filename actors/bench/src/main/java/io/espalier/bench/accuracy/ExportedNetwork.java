package io.espalier.bench.accuracy;

import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.onnx.runtime.NetworkLatency;
import io.espalier.trainer.onnx.write.ModelExport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A run's network as ONNX Runtime has it.
 *
 * @param seconds for one example on one thread
 */
record ExportedNetwork(long bytes, double seconds) {
  /** Exports all networks, then measures them in turns. */
  static Map<String, ExportedNetwork> of(List<ShrinkTrial> trials, Path out) throws IOException {
    List<byte[]> files = new ArrayList<>();
    for (ShrinkTrial trial : trials) {
      Path model = trial.directory(out).resolve(ShrinkWorker.MODEL);
      files.add(ModelExport.of(ModelFile.read(model).load(trial.recipe().config())).bytes());
    }
    List<Double> seconds = NetworkLatency.ofFiles(files);
    Map<String, ExportedNetwork> exported = new LinkedHashMap<>();
    for (int i = 0; i < files.size(); i++) {
      exported.put(trials.get(i).key(), new ExportedNetwork(files.get(i).length, seconds.get(i)));
    }
    return exported;
  }
}
