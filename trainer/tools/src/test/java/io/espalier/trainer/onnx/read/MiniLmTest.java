package io.espalier.trainer.onnx.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.ModelConfig;
import io.espalier.configs.ModelConfig.Head;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.engine.block.EvaluationPass;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.ImportedNetwork;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.onnx.OnnxExport;
import io.espalier.trainer.onnx.OnnxNetwork;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sentence encoder all-MiniLM-L6-v2, 22.6 million values, as its makers export it. */
@Tag("slow")
class MiniLmTest {
  private static final int POSITIONS = 16;
  private static final int FEATURES = 384;

  /** "[CLS] hello world [SEP]" and "[CLS] this is a sentence with more words [SEP]", filled up. */
  private static final float[] TOKENS = new float[2 * POSITIONS];

  static {
    float[] one = {101, 7592, 2088, 102};
    float[] other = {101, 2023, 2003, 1037, 6251, 2007, 2062, 2616, 102};
    System.arraycopy(one, 0, TOKENS, 0, one.length);
    System.arraycopy(other, 0, TOKENS, POSITIONS, other.length);
  }

  @TempDir private static Path directory;
  private static Path file;

  @BeforeAll
  static void unpack() throws IOException {
    file = directory.resolve("all-minilm-l6-v2.onnx");
    try (InputStream in =
        Objects.requireNonNull(MiniLmTest.class.getResourceAsStream("/all-minilm-l6-v2.onnx"))) {
      Files.copy(in, file);
    }
  }

  @Test
  void import_giveTheFeaturesThatOnnxRuntimeGives() throws IOException {
    ImportedNetwork imported = imported(Head.NONE, FEATURES);
    Map<ParameterId, float[]> values = values(imported);

    float[] ours = EvaluationPass.run(imported.network(), values, 2, TOKENS);

    float[] expected = TokenRuntime.run(Files.readAllBytes(file), POSITIONS, TOKENS);
    assertThat(ours).containsExactly(expected, within(1e-4f));
    byte[] exported = OnnxExport.of(imported.network(), false, values::get, Map.of()).bytes();
    try (OnnxNetwork runtime = OnnxNetwork.load(exported)) {
      assertThat(runtime.run(TOKENS)).containsExactly(expected, within(1e-4f));
    }
  }

  /** The mean over the tokens of a text, without padding, as the encoder is used. */
  @Test
  void import_meansOverTokens_giveTheSentenceVectorsThatOnnxRuntimeGives() throws IOException {
    ImportedNetwork imported = imported(Head.LINEAR, FEATURES);
    Map<ParameterId, float[]> values = values(imported);
    assertThat(values.put(last(imported, 2), identity())).hasSize(FEATURES * FEATURES);
    assertThat(values.put(last(imported, 1), new float[FEATURES])).hasSize(FEATURES);

    float[] ours = EvaluationPass.run(imported.network(), values, 2, TOKENS);

    float[] expected = means(TokenRuntime.run(Files.readAllBytes(file), POSITIONS, TOKENS));
    assertThat(ours).containsExactly(expected, within(1e-4f));
    byte[] exported = OnnxExport.of(imported.network(), false, values::get, Map.of()).bytes();
    try (OnnxNetwork runtime = OnnxNetwork.load(exported)) {
      assertThat(runtime.run(TOKENS)).containsExactly(expected, within(1e-4f));
    }
  }

  /** The layer for the classes is the last one: its weight, then its bias. */
  private static ParameterId last(ImportedNetwork imported, int fromEnd) {
    List<ParameterSpec> all = imported.network().parameters();
    return all.get(all.size() - fromEnd).id();
  }

  private static float[] identity() {
    float[] values = new float[FEATURES * FEATURES];
    for (int i = 0; i < FEATURES; i++) {
      values[i * FEATURES + i] = 1;
    }
    return values;
  }

  /** Of features {@code [text, position, feature]}. */
  private static float[] means(float[] features) {
    float[] means = new float[2 * FEATURES];
    for (int text = 0; text < 2; text++) {
      for (int feature = 0; feature < FEATURES; feature++) {
        double sum = 0;
        int tokens = 0;
        for (int position = 0; position < POSITIONS; position++) {
          int at = text * POSITIONS + position;
          sum += TOKENS[at] == 0 ? 0 : features[at * FEATURES + feature];
          tokens += TOKENS[at] == 0 ? 0 : 1;
        }
        means[text * FEATURES + feature] = (float) (sum / tokens);
      }
    }
    return means;
  }

  private static ImportedNetwork imported(Head head, int classes) {
    return OnnxImport.read(
        new ModelConfig.Onnx(file, Optional.empty(), List.of(), Optional.of("output_0"), head),
        new ImageShape(1, 1, POSITIONS),
        classes,
        OptionalInt.of(0));
  }

  private static Map<ParameterId, float[]> values(ImportedNetwork imported) {
    Map<ParameterId, float[]> values = new LinkedHashMap<>();
    List<float[]> all = imported.values();
    for (int i = 0; i < all.size(); i++) {
      values.put(imported.network().parameters().get(i).id(), all.get(i));
    }
    return values;
  }
}
