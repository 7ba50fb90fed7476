package io.espalier.trainer.offline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.trainer.file.MalformedFileException;
import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.model.MaskFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OfflinePrunerTest {
  private static final String HALF = "prune.sparsity=50%";

  @TempDir Path directory;

  private static TensorBytes pair() {
    return new TensorBytes()
        .floats("a", List.of(1, 4), .1f, -9, .2f, 8)
        .floats("bias", List.of(2), .01f, .02f)
        .add("ids", "I64", List.of(1, 2), new byte[16])
        .add("none", "F32", List.of(0, 4))
        .floats("b", List.of(2, 2), -7, .3f, 6, 5);
  }

  @Test
  void prune_global_clearsTheSmallestOfAll_andNothingElse() throws IOException {
    Path in = pair().write(file("in"));
    byte[] expected =
        Files.readAllBytes(
            new TensorBytes()
                .floats("a", List.of(1, 4), 0, -9, 0, 8)
                .floats("bias", List.of(2), .01f, .02f)
                .add("ids", "I64", List.of(1, 2), new byte[16])
                .add("none", "F32", List.of(0, 4))
                .floats("b", List.of(2, 2), -7, 0, 6, 0)
                .write(file("expected")));

    PrunedNetwork pruned = OfflinePruner.of(HALF).prune(in, file("out"));

    assertThat(Files.readAllBytes(file("out"))).isEqualTo(expected);
    assertThat(pruned.kept()).isEqualTo(4);
    assertThat(pruned.prunable()).isEqualTo(8);
    assertThat(pruned.others()).isEqualTo(3);
    assertThat(pruned.tensors()).extracting(PrunedTensor::name).containsExactly("a", "b");
    assertThat(pruned.tensors()).extracting(PrunedTensor::kept).containsExactly(2, 2);
  }

  @Test
  void prune_again_givesTheSameBytes() throws IOException {
    Path in = pair().write(file("in"));
    OfflinePruner pruner = OfflinePruner.of("prune.score=random", "seed=9", HALF);

    pruner.prune(in, file("once"));
    pruner.prune(in, file("twice"));

    assertThat(Files.readAllBytes(file("once")))
        .isEqualTo(Files.readAllBytes(file("twice")))
        .isNotEqualTo(Files.readAllBytes(in));
  }

  @Test
  void prune_valuesOf16Bits_areRankedAsFloats_andKeepTheirBits() throws IOException {
    // 1, −2, 0.5 and 4 as halves; 3, −0.25 as upper halves of floats; −0 is no weight to keep
    Path in =
        new TensorBytes()
            .add("half", "F16", List.of(2, 2), TensorBytes.words(0x3c00, 0xc000, 0x3800, 0x4400))
            .add("brain", "BF16", List.of(2, 2), TensorBytes.words(0x4040, 0xbe80, 0x8000, 0x4000))
            .write(file("in"));
    byte[] expected =
        Files.readAllBytes(
            new TensorBytes()
                .add("half", "F16", List.of(2, 2), TensorBytes.words(0, 0xc000, 0, 0x4400))
                .add("brain", "BF16", List.of(2, 2), TensorBytes.words(0x4040, 0, 0, 0x4000))
                .write(file("expected")));

    OfflinePruner.of(HALF).prune(in, file("out"));

    assertThat(Files.readAllBytes(file("out"))).isEqualTo(expected);
  }

  /** A tensor of more than a piece, whose end is no whole word of a mask. */
  @ParameterizedTest
  @ValueSource(strings = {"F32", "BF16"})
  void prune_tensorOfSeveralPieces_clearsWhatItsMaskSays(String type) throws IOException {
    int rows = 3;
    int columns = 300_007;
    int width = type.equals("F32") ? 4 : 2;
    byte[] bytes = new byte[rows * columns * width];
    for (int i = 0; i < rows * columns; i++) {
      float value = 1 + (i * 7919L % 900_021) * 1e-3f;
      byte[] one = TensorBytes.f32(value);
      System.arraycopy(one, 4 - width, bytes, i * width, width);
    }
    Path in = new TensorBytes().add("w", type, List.of(rows, columns), bytes).write(file("in"));

    OfflinePruner.of("prune.sparsity=75%").writingMasks(file("masks")).prune(in, file("out"));

    MaskFile.StoredMasks masks = MaskFile.read(file("masks"));
    byte[] written = tail(Files.readAllBytes(file("out")), bytes.length);
    assertThat(masks.kept()).isEqualTo(225_006);
    for (int i = 0; i < rows * columns; i++) {
      boolean kept = masks.entries().get(0).mask().isKept(i);
      byte[] expected =
          kept ? Arrays.copyOfRange(bytes, i * width, (i + 1) * width) : new byte[width];
      assertThat(Arrays.equals(written, i * width, (i + 1) * width, expected, 0, width))
          .as("weight %d", i)
          .isTrue();
    }
  }

  @Test
  void prune_pattern_keepsTwoOfFour() throws IOException {
    Path in =
        new TensorBytes()
            .floats("w", List.of(1, 8), .1f, -.5f, .3f, .2f, 1, 2, 3, -4)
            .write(file("in"));

    OfflinePruner.of("prune.granularity=\"2:4\"").prune(in, file("out"));

    assertThat(tail(Files.readAllBytes(file("out")), 32))
        .isEqualTo(TensorBytes.f32(0, -.5f, .3f, 0, 0, 0, 3, -4));
  }

  @Test
  void prune_globs_chooseTensors() throws IOException {
    Path in = pair().write(file("in"));

    PrunedNetwork excluded =
        OfflinePruner.of(HALF).excluding(List.of("a*")).prune(in, file("excluded"));
    PrunedNetwork included =
        OfflinePruner.of(HALF).including(List.of("a")).prune(in, file("included"));

    assertThat(excluded.tensors()).extracting(PrunedTensor::name).containsExactly("b");
    assertThat(included.tensors()).extracting(PrunedTensor::name).containsExactly("a");
  }

  @Test
  void prune_globsThatMatchNothingToPrune_areRefused() throws IOException {
    Path in = pair().write(file("in"));

    assertThatThrownBy(
            () -> OfflinePruner.of(HALF).including(List.of("bias")).prune(in, file("out")))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("two or more axes");
    assertThatThrownBy(
            () -> OfflinePruner.of(HALF).excluding(List.of("lm_head")).prune(in, file("out")))
        .hasMessageContaining("glob=lm_head; tensors are a F32 [1, 4]");
    assertThatThrownBy(() -> OfflinePruner.of(HALF).excluding(List.of("*")).prune(in, file("out")))
        .hasMessageContaining("must leave something to prune");
    assertThat(file("out")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prune.mask=soft",
        "prune.regrowth=set",
        "prune.refit=least-squares",
        "prune.exclude=[a]",
        "prune.granularity=channel",
        "prune.score=wanda",
        "prune.score=movement"
      })
  void of_keysThatOnlyTrainingReads_areRefused(String key) {
    assertThatThrownBy(() -> OfflinePruner.of(HALF, key))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(key.replaceAll("prune.([a-z]*)=.*", "$1"));
  }

  @Test
  void prune_shards_areOneNetwork_andKeepTheirIndex() throws IOException {
    Path from = Files.createDirectory(directory.resolve("from"));
    new TensorBytes()
        .floats("b", List.of(2, 2), -7, .3f, 6, 5)
        .write(from.resolve("m-2.safetensors"));
    new TensorBytes()
        .floats("a", List.of(1, 4), .1f, -9, .2f, 8)
        .floats("bias", List.of(2), 1, 2)
        .write(from.resolve("m-1.safetensors"));
    String index =
        "{\"metadata\": {\"total_size\": 40}, \"weight_map\": {\"a\": \"m-1.safetensors\", \"b\": \"m-2.safetensors\", \"bias\": \"m-1.safetensors\"}}";
    Files.writeString(from.resolve("model.safetensors.index.json"), index);
    Path to = directory.resolve("to");

    PrunedNetwork pruned = OfflinePruner.of(HALF).prune(from, to);

    assertThat(pruned.tensors()).extracting(PrunedTensor::name).containsExactly("a", "b");
    assertThat(names(to))
        .containsExactly("m-1.safetensors", "m-2.safetensors", "model.safetensors.index.json");
    assertThat(Files.readString(to.resolve("model.safetensors.index.json"))).isEqualTo(index);
    assertThat(
            Safetensors.read(to.resolve("m-1.safetensors"))
                .tensor("a")
                .orElseThrow()
                .toFloatArray())
        .containsExactly(0, -9, 0, 8);
    assertThat(
            Safetensors.read(to.resolve("m-2.safetensors"))
                .tensor("b")
                .orElseThrow()
                .toFloatArray())
        .containsExactly(-7, 0, 6, 0);
    assertThat(names(directory)).containsExactly("from", "to");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"weight_map\": {\"a\": \"../in.safetensors\"}}",
        "{\"weight_map\": {\"a\": \"in.safetensors\", \"a\": \"in.safetensors\"}}",
        "{\"weight_map\": {\"a\": \"in.safetensors\"}}",
        "{\"weight_map\": {\"a\": 1}}",
        "{\"weight_map\": {}}",
        "{",
        "{\"weight_map\": {\"a\": \"in\", \"bias\": \"in\", \"ids\": \"in\", \"none\": \"in\", \"b\": \"in\", \"c\": \"in\"}}"
      })
  void prune_brokenIndex_namesIt_andWritesNothing(String index) throws IOException {
    pair().write(file("in"));
    Path broken =
        Files.writeString(
            directory.resolve("model.safetensors.index.json"),
            index.replace("\"in\"", "\"in.safetensors\""));

    assertThatThrownBy(() -> OfflinePruner.of(HALF).prune(broken, directory.resolve("to")))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageStartingWith(broken + ": ");
    assertThat(names(directory)).containsExactly("in.safetensors", "model.safetensors.index.json");
  }

  @Test
  void prune_shardThatTurnsOutBroken_leavesNoDirectory() throws IOException {
    Path from = Files.createDirectory(directory.resolve("from"));
    new TensorBytes().floats("a", List.of(1, 2), 1, 2).write(from.resolve("m-1.safetensors"));
    new TensorBytes()
        .floats("b", List.of(1, 2), Float.NaN, 2)
        .write(from.resolve("m-2.safetensors"));
    Files.writeString(
        from.resolve("model.safetensors.index.json"),
        "{\"weight_map\": {\"a\": \"m-1.safetensors\", \"b\": \"m-2.safetensors\"}}");

    assertThatThrownBy(() -> OfflinePruner.of(HALF).prune(from, directory.resolve("to")))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("tensor=b, index=0, value=NaN");
    assertThat(names(directory)).containsExactly("from");
  }

  @Test
  void prune_progress_readsAllWeights_thenWritesAllBytes() throws IOException {
    Path in = pair().write(file("in"));
    List<String> phases = new ArrayList<>();

    OfflinePruner.of("prune.allocation=uniform", HALF)
        .prune(
            in, file("out"), (phase, done, total) -> phases.add(phase + " " + done + "/" + total));

    long size = Files.size(in);
    assertThat(phases)
        .startsWith("SCORING 16/32", "SCORING 32/32")
        .endsWith("WRITING " + size + "/" + size);
  }

  @Test
  void prune_stoppedWhenItSaysThatItWrites_hasNoFileYet() throws IOException {
    Path in = pair().write(file("in"));
    List<String> found = new ArrayList<>();

    assertThatThrownBy(
            () ->
                OfflinePruner.of(HALF)
                    .prune(
                        in,
                        file("out"),
                        (phase, done, total) -> {
                          if (phase == PruneProgress.Phase.WRITING) {
                            found.addAll(List.of(directory.toFile().list()));
                            throw new CancellationException();
                          }
                        }))
        .isInstanceOf(CancellationException.class);
    assertThat(found).containsExactly("in.safetensors");
    assertThat(names(directory)).containsExactly("in.safetensors");
  }

  private Path file(String name) {
    return directory.resolve(name + ".safetensors");
  }

  private static byte[] tail(byte[] bytes, int length) {
    return Arrays.copyOfRange(bytes, bytes.length - length, bytes.length);
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(each -> each.getFileName().toString()).sorted().toList();
    }
  }
}
