package io.espalier.trainer.onnx.read;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs files of encoders in ONNX Runtime, with mask and types made from the tokens. */
final class TokenRuntime {
  private TokenRuntime() {}

  /** The first output; tokens of the number 0 are padding. */
  static float[] run(byte[] file, int positions, float... tokens) {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    try (OrtSession session = environment.createSession(file)) {
      for (String name : session.getInputNames()) {
        long[] values = new long[tokens.length];
        for (int i = 0; i < values.length; i++) {
          values[i] =
              name.contains("mask")
                  ? (tokens[i] == 0 ? 0 : 1)
                  : name.contains("type") ? 0 : (long) tokens[i];
        }
        long[] shape = {tokens.length / positions, positions};
        inputs.put(name, OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape));
      }
      try (OrtSession.Result result = session.run(inputs)) {
        FloatBuffer output = ((OnnxTensor) result.get(0)).getFloatBuffer();
        float[] values = new float[output.remaining()];
        output.get(values);
        return values;
      }
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }
}
