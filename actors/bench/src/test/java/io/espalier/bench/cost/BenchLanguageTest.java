package io.espalier.bench.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code bench language} on small networks: PyTorch is a second implementation of each layer. */
class BenchLanguageTest {
  @TempDir private Path directory;

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{kind=char-lm,layers=2,features=16,heads=4}",
        "{kind=char-lm,layers=2,features=16,heads=4,key-value-heads=2,positions=rotary,norm=rms,feed-forward=gated}"
      })
  void bench_besidePyTorch_learnsTheSame(String model) throws IOException {
    Path text = directory.resolve("words.txt");
    Files.writeString(text, words());
    Path out = directory.resolve("out");

    CommandRun run =
        CommandRun.of(
            "bench",
            "language",
            "--seeds=1",
            "-Ddata={kind=text,path=\"%s\",context=16,batch-size=8}".formatted(text),
            "-Dmodel=" + model,
            "-Dtrain.epochs=4",
            "-Dtrain.learning-rate.warm-up=10",
            "--out=" + out);

    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode result = new ObjectMapper().readTree(out.resolve("results.json").toFile()).get(0);
    assertThat(result.get("sides")).hasSize(2);
    double espalier = result.get("sides").get(0).get("bits").doubleValue();
    assertThat(espalier).isBetween(0.5, 3.0);
    assertThat(result.get("sides").get(1).get("bits").doubleValue())
        .isCloseTo(espalier, within(1e-3));
    assertThat(out.resolve("table.md")).content().contains("bits per character", "holds");
  }

  @Test
  void bench_recipeOfImages_isRefused() {
    CommandRun run =
        CommandRun.of("bench", "language", "--recipe=dense", "-Ddata=digits", "--out=" + directory);

    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains("the next token of a text", "recipe=dense", "--recipe");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void bench_noTurn_isRefused() {
    CommandRun run = CommandRun.of("bench", "language", "--turn=0");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--turn", "turn=0");
  }

  private static String words() {
    String[] words = {"leaf ", "branch ", "root ", "trunk ", "bark ", "twig. "};
    SplittableRandom random = new SplittableRandom(5);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      text.append(words[random.nextInt(words.length)]);
    }
    return text.toString();
  }
}
