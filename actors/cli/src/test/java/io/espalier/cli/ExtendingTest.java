package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.plugin.Plugin;
import io.espalier.masks.allocation.AllocationProvider;
import io.espalier.masks.kind.MaskKindProvider;
import io.espalier.masks.refit.RefitProvider;
import io.espalier.masks.regrowth.RegrowthProvider;
import io.espalier.masks.schedule.ScheduleProvider;
import io.espalier.masks.score.ScoreProvider;
import io.espalier.masks.selection.SelectionProvider;
import io.espalier.masks.unit.UnitsProvider;
import io.espalier.trainer.data.source.DataProvider;
import io.espalier.trainer.initial.InitializerProvider;
import io.espalier.trainer.network.LayerForm;
import io.espalier.trainer.network.NetworkProvider;
import io.espalier.trainer.objective.ObjectiveProvider;
import io.espalier.trainer.observer.StatisticObserverProvider;
import io.espalier.trainer.prepare.LearningRateProvider;
import io.espalier.trainer.step.StepRuleProvider;
import io.espalier.trainer.update.OptimizerProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/extending.md} shows what is compiled and run. */
class ExtendingTest {
  private static final Path DOCS = Path.of("..", "..", "docs");
  private static final Path EXAMPLES = DOCS.resolve("examples");
  private static final String SERVICES = "resources/META-INF/services/";

  @Test
  void javaBlocks_areTheTestedOnes() throws IOException {
    String sources;
    try (Stream<Path> files = Files.walk(EXAMPLES.resolve("java"))) {
      sources =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .sorted()
              .map(ExtendingTest::code)
              .collect(Collectors.joining("\n"));
    }

    assertThat(blocks("java"))
        .hasSizeGreaterThan(3)
        .allSatisfy(block -> assertThat(sources).contains(block));
  }

  @Test
  void recipeAndServicesFile_areTheTestedOnes() throws IOException {
    assertThat(blocks("hocon"))
        .singleElement()
        .asString()
        .satisfies(block -> assertThat(code(EXAMPLES.resolve("two-moons.conf"))).contains(block));
    assertThat(blocks(""))
        .containsExactly(
            code(EXAMPLES.resolve(SERVICES + LayerForm.class.getName())),
            code(EXAMPLES.resolve(SERVICES + Plugin.class.getName())));
  }

  @Test
  void table_namesAllProvidersAndNoOthers() throws IOException {
    List<String> named =
        Pattern.compile("`(io\\.espalier\\.[\\w.]+Provider)`")
            .matcher(page())
            .results()
            .map(match -> match.group(1))
            .toList();

    assertThat(named)
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(
                    DataProvider.class,
                    NetworkProvider.class,
                    InitializerProvider.class,
                    OptimizerProvider.class,
                    LearningRateProvider.class,
                    ObjectiveProvider.class,
                    StepRuleProvider.class,
                    ScoreProvider.class,
                    AllocationProvider.class,
                    UnitsProvider.class,
                    SelectionProvider.class,
                    ScheduleProvider.class,
                    RegrowthProvider.class,
                    RefitProvider.class,
                    MaskKindProvider.class,
                    StatisticObserverProvider.class)
                .map(Class::getName)
                .toList());
  }

  @Test
  void links_leadToFiles() throws IOException {
    assertThat(Pattern.compile("\\]\\(([^)]+)\\)").matcher(page()).results().toList())
        .isNotEmpty()
        .allSatisfy(match -> assertThat(DOCS.resolve(match.group(1))).exists());
  }

  /** The fenced blocks of one language; a fence opens one and the next fence closes it. */
  private static List<String> blocks(String language) throws IOException {
    return Pattern.compile("^```(\\w*)\n(.*?)^```\n", Pattern.DOTALL | Pattern.MULTILINE)
        .matcher(page())
        .results()
        .filter(match -> match.group(1).equals(language))
        .map(match -> stripped(match.group(2)))
        .toList();
  }

  private static String page() throws IOException {
    return Files.readString(DOCS.resolve("extending.md"));
  }

  private static String code(Path file) {
    try {
      return stripped(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String stripped(String code) {
    return code.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .collect(Collectors.joining("\n"));
  }
}
