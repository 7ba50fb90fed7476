package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.configs.recipe.RecipeReference;
import io.espalier.configs.recipe.Recipes;
import io.espalier.console.ProgramName;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The reference of all keys, and names that are nearly right. */
class RecipesCommandTest {
  @Test
  void reference_ofAFamily_printsKeysWithDefaultsUnitsAndSentences() {
    CommandRun run = CommandRun.of("recipes", "--reference", "schedule");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .startsWith("prune.schedule = cubic\n")
        .contains(
            """
            prune.schedule.updates = 50 (kind polynomial)
                a whole number
                mask updates after begin, the last at end
            """)
        .doesNotContain("train.");
    assertThat(run.out().lines()).allMatch(line -> line.length() <= 80);
    assertThat(CommandRun.of("recipes", "--reference", "prune.schedule").out())
        .isEqualTo(run.out());
  }

  @Test
  void reference_asJson_hasEveryKey() throws IOException {
    JsonNode keys =
        new ObjectMapper().readTree(CommandRun.of("recipes", "--reference", "--json").out());

    assertThat(keys).hasSameSizeAs(RecipeReference.installed().keys());
    assertThat(keys.get(0).path("key").asText()).isEqualTo("name");
    assertThat(keys.get(0).path("default").asText()).isEqualTo("\"unnamed\"");
  }

  @Test
  void reference_ofNoFamily_proposesTheNearest() {
    CommandRun run = CommandRun.of("recipes", "--reference", "scedule");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("family=scedule; did you mean schedule?");
  }

  @Test
  void recipes_thatNeedAnotherRun_nameItsCommandInListAndRefusal() throws IOException {
    String list = CommandRun.of("recipes").out();
    JsonNode facts = new ObjectMapper().readTree(CommandRun.of("recipes", "--json").out());

    for (String name : List.of("fine-tune", "distill", "movement", "char-lm-reconstruct")) {
      String command = Recipes.earlierRun(name).orElseThrow().command();
      CommandRun refused = CommandRun.of("train", name, "--dry-run");

      assertThat(list).contains("first: " + command);
      assertThat(facts.get(Recipes.names().indexOf(name)).path("first").asText())
          .isEqualTo(command);
      assertThat(refused.exitCode()).isEqualTo(2);
      assertThat(refused.err()).contains("this recipe needs another run first: " + command);
    }
    assertThat(Recipes.earlierRun("gradual")).isEmpty();
  }

  @Test
  void list_onATerminal_fitsInto80ColumnsAndNamesTheCommandAsStarted() {
    System.setProperty(ProgramName.PROPERTY, "./espalier");
    String list;
    try {
      list = CommandRun.of("recipes").out();
    } finally {
      System.clearProperty(ProgramName.PROPERTY);
    }

    assertThat(list.lines()).allMatch(line -> line.length() <= 80 || line.contains("first: "));
    assertThat(list).contains("first: ./espalier train dense --out dense");
  }

  @Test
  void names_nearlyRight_areProposed() {
    assertThat(CommandRun.of("recipes", "gradaul").err()).contains("did you mean gradual?");
    assertThat(CommandRun.of("train", "gradaul").err())
        .contains("recipe=\"gradaul\"; did you mean gradual?")
        .doesNotContain("quickstart");
    assertThat(CommandRun.of("train", "digits", "-D", "epochs=3").err())
        .contains("did you mean train.epochs?");
  }

  @Test
  void train_anotherKind_printsWhatIsLeftOut() {
    CommandRun run =
        CommandRun.of("train", "--dry-run", "digits", "-D", "prune.schedule.kind=one-shot");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err())
        .contains("notice: prune.schedule.kind=one-shot leaves out end=\"75%\", updates=20");
  }
}
