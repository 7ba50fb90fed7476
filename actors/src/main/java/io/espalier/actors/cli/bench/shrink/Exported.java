package io.espalier.actors.cli.bench.shrink;

import io.espalier.actors.cli.bench.figure.Sample;
import io.espalier.configs.RunConfig;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.model.StoredModel;
import io.espalier.trainer.onnx.export.ModelExport;
import io.espalier.trainer.onnx.runtime.OnnxNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A run's network as ONNX Runtime has it.
 *
 * @param seconds for one example on one thread, one for each round
 */
record Exported(long bytes, List<Double> seconds) {
  private static final int ROUNDS = 31;
  private static final int WARM_UP = 3;
  private static final int EXAMPLES = 20;

  Exported {
    seconds = List.copyOf(seconds);
  }

  double median() {
    return Sample.of(seconds).median();
  }

  /** Exports all networks, then measures them in turns, round by round. */
  static Map<String, Exported> of(List<ShrinkTrial> trials, Path out) throws IOException {
    List<OnnxNetwork> networks = new ArrayList<>();
    List<Integer> bytes = new ArrayList<>();
    List<List<Double>> seconds = new ArrayList<>();
    try {
      for (ShrinkTrial trial : trials) {
        Path model = trial.directory(out).resolve(ShrinkWorker.MODEL);
        byte[] file = file(model, trial.recipe().config());
        networks.add(OnnxNetwork.load(file));
        bytes.add(file.length);
        seconds.add(new ArrayList<>());
      }
      for (int round = -WARM_UP; round < ROUNDS; round++) {
        for (int i = 0; i < networks.size(); i++) {
          double spent = round(networks.get(i));
          if (round >= 0) {
            seconds.get(i).add(spent);
          }
        }
      }
    } finally {
      networks.forEach(OnnxNetwork::close);
    }
    Map<String, Exported> exported = new LinkedHashMap<>();
    for (int i = 0; i < trials.size(); i++) {
      exported.put(trials.get(i).key(), new Exported(bytes.get(i), seconds.get(i)));
    }
    return exported;
  }

  private static byte[] file(Path model, RunConfig config) throws IOException {
    StoredModel stored = ModelFile.read(model);
    return ModelExport.of(stored.load(config)).bytes();
  }

  private static double round(OnnxNetwork network) {
    float[] example = new float[network.inputSize()];
    long startNs = System.nanoTime();
    for (int i = 0; i < EXAMPLES; i++) {
      example[0] = i;
      network.run(example);
    }
    return (System.nanoTime() - startNs) / 1e9 / EXAMPLES;
  }
}
