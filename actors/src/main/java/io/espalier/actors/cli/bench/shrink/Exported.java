package io.espalier.actors.cli.bench.shrink;

import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.onnx.export.ModelExport;
import io.espalier.trainer.onnx.runtime.NetworkLatency;
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
record Exported(long bytes, double seconds) {
  /** Exports all networks, then measures them in turns. */
  static Map<String, Exported> of(List<ShrinkTrial> trials, Path out) throws IOException {
    List<byte[]> files = new ArrayList<>();
    for (ShrinkTrial trial : trials) {
      Path model = trial.directory(out).resolve(ShrinkWorker.MODEL);
      files.add(ModelExport.of(ModelFile.read(model).load(trial.recipe().config())).bytes());
    }
    List<Double> seconds = NetworkLatency.ofFiles(files);
    Map<String, Exported> exported = new LinkedHashMap<>();
    for (int i = 0; i < files.size(); i++) {
      exported.put(trials.get(i).key(), new Exported(files.get(i).length, seconds.get(i)));
    }
    return exported;
  }
}
