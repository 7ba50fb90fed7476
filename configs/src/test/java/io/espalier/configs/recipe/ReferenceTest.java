package io.espalier.configs.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ReferenceTest {
  private static final Path REFERENCE = Path.of("reference.conf");

  @Test
  void reference_everyDefault_hasACommentOnItsLine() throws IOException {
    try (Stream<String> lines = Files.lines(REFERENCE)) {
      assertThat(lines.filter(line -> line.contains("=")).toList())
          .isNotEmpty()
          .allSatisfy(line -> assertThat(line).containsPattern(" # \\S"));
    }
  }

  @Test
  void reference_asARecipe_holdsNoKeyThatIsUnknown() throws IOException {
    String fixed = Files.readString(REFERENCE).split("\ndefaults \\{", 2)[0];
    RecipeLoader loader = new RecipeLoader();
    String choices = "\ndata.kind = digits, model = lenet-5";

    assertThat(loader.parse("reference.conf", fixed + choices, List.of()).config())
        .isEqualTo(loader.parse("minimal.conf", choices, List.of()).config());
  }

  @Test
  void reference_defaultsOfFamilies_areAllRead() {
    assertThat(
            List.of(
                DataFamilies.DATA,
                ModelFamilies.MODEL,
                TrainFamilies.OPTIMIZER,
                TrainFamilies.LEARNING_RATE,
                TrainFamilies.STOP_EARLY,
                PruneFamilies.GRANULARITY,
                PruneFamilies.SCORE,
                PruneFamilies.ALLOCATION,
                PruneFamilies.SCHEDULE,
                PruneFamilies.MASK,
                PruneFamilies.REGROWTH,
                FederationFamilies.FEDERATION,
                FederationFamilies.ENCODING,
                FederationFamilies.CANDIDATE_NORMS,
                FederationFamilies.AGGREGATION))
        .allSatisfy(ReferenceTest::assertDefaultsAreKeys);
  }

  private static void assertDefaultsAreKeys(Family<?> family) {
    String parent =
        switch (family.name()) {
          case "data", "model", "federation" -> "";
          case "aggregation", "candidate-norms", "encoding" -> "federation.";
          case "optimizer", "learning-rate", "stop-early" -> "train.";
          default -> "prune.";
        };
    for (String kind : family.names()) {
      String block =
          parent
              + family.name()
              + family.defaults(kind).withoutKey("kind").render()
              + "\n"
              + parent
              + family.name()
              + ".kind = "
              + kind
              + (parent.equals("federation.") ? "\nfederation.kind = fedtiny" : "")
              + (kind.matches("csv|idx|images") ? ", data.path = x" : "")
              + (kind.equals("csv") ? ", data.label = y" : "")
              + (kind.equals("images") ? ", data.size = 8" : "")
              + (kind.equals("kafka")
                  ? ", data.topic = t, data.features = 4, data.classes = 3, train.samples = 1000"
                  : "")
              + (kind.equals("plateau") ? "\ndata { kind = digits, validation = 5% }" : "")
              + (kind.equals("onnx") ? ", model.file = x" : "")
              + (kind.equals("layers") ? ", model.layers = [flatten]" : "");

      assertThat(new RecipeLoader().parse(kind, "data=digits,model=lenet-5\n" + block, List.of()))
          .isNotNull();
    }
  }
}
