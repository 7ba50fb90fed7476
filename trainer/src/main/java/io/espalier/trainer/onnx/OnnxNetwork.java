package io.espalier.trainer.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.espalier.trainer.file.MalformedFileException;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A network in ONNX Runtime with one float input and output, for one thread at a time. */
public final class OnnxNetwork implements AutoCloseable {
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final String input;
  private final long[] shape;

  private OnnxNetwork(OrtEnvironment environment, OrtSession session) throws OrtException {
    this.environment = environment;
    this.session = session;
    this.input = session.getInputNames().iterator().next();
    this.shape = shape(session);
  }

  public static OnnxNetwork load(Path file) throws IOException {
    try {
      return load((environment, options) -> environment.createSession(file.toString(), options));
    } catch (OrtException e) {
      throw new MalformedFileException(file, "must run in ONNX Runtime: " + e.getMessage(), e);
    }
  }

  public static OnnxNetwork load(byte[] bytes) {
    try {
      return load((environment, options) -> environment.createSession(bytes, options));
    } catch (OrtException e) {
      throw new IllegalArgumentException("a network must run in ONNX Runtime", e);
    }
  }

  public List<Integer> inputDimensions() {
    return Arrays.stream(shape).skip(1).mapToObj(Math::toIntExact).toList();
  }

  public int inputSize() {
    return inputDimensions().stream().reduce(1, Math::multiplyExact);
  }

  public float[] run(float[] examples) {
    int size = inputSize();
    if (examples.length == 0 || examples.length % size != 0) {
      throw new IllegalArgumentException(
          "a batch must be whole examples: values=%d, perExample=%d"
              .formatted(examples.length, size));
    }
    long[] batched = shape.clone();
    batched[0] = examples.length / size;
    try (OnnxTensor tensor =
            OnnxTensor.createTensor(environment, FloatBuffer.wrap(examples), batched);
        OrtSession.Result result = session.run(Map.of(input, tensor))) {
      if (result.get(0) instanceof OnnxTensor output) {
        FloatBuffer values = output.getFloatBuffer();
        float[] copy = new float[values.remaining()];
        values.get(copy);
        return copy;
      }
      throw new IllegalStateException("an output must be a tensor: output=" + result.get(0));
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime must run what it has loaded", e);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime must give its memory back", e);
    }
  }

  private interface Source {
    OrtSession session(OrtEnvironment environment, OrtSession.SessionOptions options)
        throws OrtException;
  }

  private static OnnxNetwork load(Source source) throws OrtException {
    OrtEnvironment environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "espalier");
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      return of(environment, source.session(environment, options));
    }
  }

  private static OnnxNetwork of(OrtEnvironment environment, OrtSession session)
      throws OrtException {
    try {
      return new OnnxNetwork(environment, session);
    } catch (OrtException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private static long[] shape(OrtSession session) throws OrtException {
    if (session.getInputInfo().size() == 1
        && session.getInputInfo().values().iterator().next().getInfo() instanceof TensorInfo info
        && info.getShape().length >= 1
        && Arrays.stream(info.getShape()).skip(1).allMatch(length -> length >= 1)) {
      return info.getShape();
    }
    throw new OrtException(
        "the network must have one input whose axes behind the batch are fixed: inputs="
            + session.getInputInfo());
  }
}
