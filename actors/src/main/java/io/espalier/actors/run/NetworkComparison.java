package io.espalier.actors.run;

import io.espalier.trainer.commit.Committed;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.onnx.runtime.NetworkLatency;
import io.espalier.trainer.prepare.PreparedRun;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** What a finished network takes beside the whole one, as facts of a run's summary. */
final class NetworkComparison {
  private NetworkComparison() {}

  /**
   * {@code modelBytes} and {@code modelBytesDense}; where channels are pruned also {@code
   * onnxSeconds} and {@code onnxSecondsDense}, if ONNX Runtime works here.
   *
   * @param modelBytes of the model file
   */
  static Map<String, Object> of(PreparedRun run, Committed committed, long modelBytes) {
    Network whole = run.wholeNetwork();
    Network left = committed.run().network();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("modelBytes", modelBytes);
    facts.put("modelBytesDense", modelBytes + Float.BYTES * (whole.values() - left.values()));
    if (run.channels().isPresent()) {
      OptionalDouble dense = NetworkLatency.ofExample(whole);
      OptionalDouble now = NetworkLatency.ofExample(left);
      if (dense.isPresent() && now.isPresent()) {
        facts.put("onnxSeconds", now.getAsDouble());
        facts.put("onnxSecondsDense", dense.getAsDouble());
      }
    }
    return facts;
  }
}
