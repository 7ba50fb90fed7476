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
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A network in ONNX Runtime with one float input and output, or one that reads tokens as {@link
 * OnnxExport} writes it, for one thread at a time. It takes examples as Espalier has them: the
 * numbers of tokens as floats, filled up.
 */
public final class OnnxNetwork implements AutoCloseable {
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final String input;
  private final long[] shape;
  private final OptionalInt padding;

  private OnnxNetwork(OrtEnvironment environment, OrtSession session) throws OrtException {
    this.environment = environment;
    this.session = session;
    this.shape = shape(session);
    boolean tokens = session.getInputNames().contains(OnnxExport.IDS);
    this.input = tokens ? OnnxExport.IDS : session.getInputNames().iterator().next();
    this.padding =
        session.getInputNames().contains(OnnxExport.MASK)
            ? OptionalInt.of(padding(session))
            : OptionalInt.empty();
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
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    try (OrtSession.Result result = session.run(filled(inputs, examples, batched))) {
      if (result.get(0) instanceof OnnxTensor output) {
        FloatBuffer values = output.getFloatBuffer();
        float[] copy = new float[values.remaining()];
        values.get(copy);
        return copy;
      }
      throw new IllegalStateException("an output must be a tensor: output=" + result.get(0));
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime must run what it has loaded", e);
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private Map<String, OnnxTensor> filled(
      Map<String, OnnxTensor> inputs, float[] examples, long[] batched) throws OrtException {
    if (!input.equals(OnnxExport.IDS)) {
      inputs.put(input, OnnxTensor.createTensor(environment, FloatBuffer.wrap(examples), batched));
      return inputs;
    }
    long[] ids = new long[examples.length];
    long[] mask = new long[examples.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = (long) examples[i];
      mask[i] = padding.isPresent() && ids[i] == padding.getAsInt() ? 0 : 1;
    }
    inputs.put(input, OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), batched));
    if (padding.isPresent()) {
      inputs.put(
          OnnxExport.MASK, OnnxTensor.createTensor(environment, LongBuffer.wrap(mask), batched));
    }
    return inputs;
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

  private static int padding(OrtSession session) throws OrtException {
    String token = session.getMetadata().getCustomMetadata().get(OnnxExport.PADDING);
    if (token == null || !token.matches("\\d{1,9}")) {
      throw new OrtException("the metadata must name the token of padding: padding=" + token);
    }
    return Integer.parseInt(token);
  }

  private static long[] shape(OrtSession session) throws OrtException {
    boolean tokens = Set.of(OnnxExport.IDS, OnnxExport.MASK).containsAll(session.getInputNames());
    if ((session.getInputInfo().size() == 1 || tokens)
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
