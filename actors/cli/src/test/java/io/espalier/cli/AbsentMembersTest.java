package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks that were trained by classes of a user's own, where these are not on the class path. */
final class AbsentMembersTest {
  @TempDir private static Path directory;
  private static PreparedRun run;
  private static FinishedRun finished;
  private static String recipe;

  @BeforeAll
  static void train() throws IOException {
    Path table = directory.resolve("table.csv");
    Files.writeString(table, "a,b,kind\n" + "1,2,x\n3,1,y\n2,2,x\n4,0,y\n".repeat(20));
    ResolvedRecipe resolved =
        new RecipeLoader()
            .parse(
                "table.conf",
                """
                data { kind = csv, path = "%s", label = kind, batch-size = 8 }
                model { kind = mlp, hidden = [8] }
                train { epochs = 3 }
                prune { sparsity = 30%% }
                """
                    .formatted(table),
                List.of());
    run = PreparedRun.of(resolved.config(), DataHome.of(directory));
    finished = TrainingLoop.run(run, LoopListener.NONE);
    recipe = resolved.text();
    write("known", recipe);
  }

  private static String write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    ModelFile.write(file, run, finished.committed(), text);
    return file.toString();
  }

  private static String absent() {
    String text =
        recipe
            .replace("mask = hard", "mask { kind = ghostly, pull = 3 }")
            .replace("train {", "train {\n  rules = [{ kind = ghostly }]");
    assertThat(text).contains("mask { kind = ghostly", "rules = [{ kind = ghostly");
    return text;
  }

  private static String out(String... arguments) {
    CommandRun run = CommandRun.of(arguments);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.out();
  }

  @Test
  void network_ofAbsentMaskKindAndRule_evaluatesPredictsAndLeaves() throws IOException {
    String known = directory.resolve("known").toString();
    String file = write("absent", absent());
    String rows = directory.resolve("table.csv").toString();

    assertThat(out("evaluate", file)).isEqualTo(out("evaluate", known));
    assertThat(out("predict", file, rows)).isEqualTo(out("predict", known, rows));
    assertThat(out("inspect", file)).contains("fc1.weight");
    for (String format : List.of("sparse", "safetensors", "onnx")) {
      String exported = directory.resolve("absent." + format).toString();
      out("export", file, "--format", format, "-o", exported);
      assertThat(Path.of(exported)).isNotEmptyFile();
    }
  }

  @Test
  void network_ofAbsentData_isRefused() throws IOException {
    String file = write("absent-data", recipe.replace("kind = csv", "kind = ghostly"));

    CommandRun evaluated = CommandRun.of("evaluate", file);

    assertThat(evaluated.exitCode()).isEqualTo(2);
    assertThat(evaluated.err()).contains("data must be one of", "ghostly");
  }
}
