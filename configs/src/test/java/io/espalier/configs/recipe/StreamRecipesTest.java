package io.espalier.configs.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.KafkaConfig;
import io.espalier.configs.Span;
import io.espalier.configs.VocabularyConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StreamRecipesTest {
  private static final String STREAM =
      "model = lenet-5, data { kind = kafka, topic = t, batch-size = 10 }\n";
  private static final String WHOLE =
      STREAM + "data { features = 4, classes = 3 }, train.samples = 1000\n";

  private static final String TEXT =
      STREAM + "model = null, model = char-lm, data.context = 16, train.samples = 1000\n";

  private static ResolvedRecipe load(String text) {
    return new RecipeLoader().parse("my.conf", text, List.of());
  }

  @Test
  void stream_withDefaults_numbersFeaturesAndClasses() {
    assertThat(load(WHOLE).config().data().source())
        .isEqualTo(
            new KafkaConfig(
                "t",
                List.of(),
                new KafkaConfig.Numbers(
                    List.of(1, 1, 4),
                    List.of("f1", "f2", "f3", "f4"),
                    List.of("0", "1", "2"),
                    List.of(0.0),
                    List.of(1.0)),
                0.05,
                1000,
                KafkaConfig.Start.EARLIEST));
  }

  @Test
  void stream_withEveryKey_isRead() {
    String data =
        STREAM
            + "data { shape = [3, 8, 8], classes = [cat, dog], partitions = [2, 0], start = latest,"
            + " mean = [1, 2, 3], deviation = [4, 5, 6], hold-out = 10%, window = 7 }\n"
            + "train.samples = 1000";

    assertThat(load(data).config().data().source())
        .isEqualTo(
            new KafkaConfig(
                "t",
                List.of(2, 0),
                new KafkaConfig.Numbers(
                    List.of(3, 8, 8),
                    List.of(),
                    List.of("cat", "dog"),
                    List.of(1.0, 2.0, 3.0),
                    List.of(4.0, 5.0, 6.0)),
                0.1,
                7,
                KafkaConfig.Start.LATEST));
  }

  @Test
  void streamOfTexts_withDefaults_learnsTheNextByte() {
    assertThat(load(TEXT).config().data().source())
        .isEqualTo(
            new KafkaConfig(
                "t",
                List.of(),
                new KafkaConfig.Texts(
                    new VocabularyConfig.Bytes(),
                    16,
                    List.of(),
                    OptionalDouble.of(1),
                    KafkaConfig.Records.JSON),
                0.05,
                1000,
                KafkaConfig.Start.EARLIEST));
  }

  @Test
  void streamOfTexts_withEveryKey_isReadAndLoadsBackToTheSame() {
    ResolvedRecipe labelled =
        load(TEXT + "data { vocabulary = \"my/tokenizer.json\", classes = [ham, spam] }");
    ResolvedRecipe next =
        load(
            TEXT
                + "data { vocabulary = \"my/tokenizer.json\", characters-per-token = 4.5, records ="
                + " text }");

    assertThat(labelled.config().data().source())
        .isInstanceOfSatisfying(
            KafkaConfig.class,
            kafka -> {
              assertThat(kafka.content())
                  .isEqualTo(
                      new KafkaConfig.Texts(
                          new VocabularyConfig.Tokenizer(
                              Path.of("my/tokenizer.json").toAbsolutePath()),
                          16,
                          List.of("ham", "spam"),
                          OptionalDouble.empty(),
                          KafkaConfig.Records.JSON));
              assertThat(kafka.files()).containsKey("vocabulary.path");
            });
    assertThat(((KafkaConfig) next.config().data().source()).metric().bits(4.5 * Math.log(2)))
        .hasValue(1);
    for (ResolvedRecipe recipe : List.of(labelled, next, load(TEXT))) {
      assertThat(load(recipe.text()).config()).isEqualTo(recipe.config());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data.features=4 | data.features: features must be left away for texts, which context says:"
            + " features=4, context=16",
        "data.mean=[1] | data.mean: mean must be left away for texts, which context says: mean=[1],"
            + " context=16",
        "data.context=0 | data.context: context must be from 1 to 65536: context=0",
        "data.vocabulary=characters | data.vocabulary: vocabulary must be bytes, or the path of a"
            + " tokenizer.json: a stream shows its characters too late: vocabulary=\"characters\"",
        "data.vocabulary=\"a.json\" | data.characters-per-token: characters-per-token must be"
            + " given: how many characters a token stands for on average, such as 4",
        "data.characters-per-token=0 | data.characters-per-token: characters-per-token must be"
            + " above 0: characters-per-token=0",
        "data { classes = 2, records = text } | data.records: records must be json where classes"
            + " are learned: plain text has no label: records=\"text\"",
        "data.augmentation.flip=true | augmentation must be left away for a text: only images can"
            + " be flipped and cropped"
      })
  void streamOfTexts_withABrokenRule_isRefusedWithItsPlace(String override, String message) {
    assertThatThrownBy(() -> load(TEXT + override))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(message);
  }

  @Test
  void stream_clockInSamples_evaluatesAndCheckpointsByShares() {
    var train = load(WHOLE).config().train();

    assertThat(train.clock().samples()).contains(1000L);
    assertThat(train.clock().evaluateEvery()).isEqualTo(Optional.of(new Span.Percent(5)));
    assertThat(train.clock().checkpointEvery()).isEqualTo(new Span.Percent(5));
  }

  @Test
  void text_ofAStream_loadsBackToTheSame() {
    String named = WHOLE + "data { features = [a, b], classes = [yes, no] }";

    assertThat(load(load(WHOLE).text()).config()).isEqualTo(load(WHOLE).config());
    assertThat(load(load(named).text()).config()).isEqualTo(load(named).config());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train.epochs=3 | train.epochs: epochs must be left away for a stream, which has no end:"
            + " epochs=3; samples says how long to train",
        "train.samples=9 | train.samples: samples must be enough for one step: batch-size ×"
            + " trainers = 10 or more, because each trainer takes a batch of its own in every step:"
            + " samples=9; take more samples, smaller batches or fewer trainers",
        "prune.mask { kind = annealed, over = 1 epoch } | prune.mask.over: over must be steps or a"
            + " share of the run such as 10%, because a stream has no epochs: over=\"1 epoch\";"
            + " count in steps or in %",
        "train.evaluate-every = 2 epochs | train.evaluate-every: evaluate-every must be steps or a"
            + " share of the run such as 10%, because a stream has no epochs: evaluate-every=\"2"
            + " epochs\"; count in steps or in %",
        "data.validation=5% | data.validation: validation must be left away for a stream: hold-out"
            + " says which examples are not trained on: validation=\"5%\"",
        "data.hold-out=0 | data.hold-out: hold-out must be above 0% and at most 50%: a stream has"
            + " no other examples to evaluate on: hold-out=0",
        "data.shape=[1,2,2] | data.features: features and shape must not both be given: features=4,"
            + " shape=[1,2,2]",
        "data.deviation=[0] | data.deviation: deviation must be one number above 0 for all, or one"
            + " per channel or column: deviation=[0]",
        "data.mean=[1,2] | data.mean: mean must be one number for all, or one per channel or"
            + " column: mean=[1,2]",
        "data.topic=\"a b\" | data.topic: topic must be the name of a topic: 1 to 249 letters,"
            + " digits, dots, underscores and hyphens: topic=\"a b\"",
        "data.partitions=[1,1] | data.partitions: partitions must be numbers of partitions from 0,"
            + " each once, or [] for all: partitions=[1,1]",
        "data.classes=1 | data.classes: classes must be 2 to 10,000 classes, each with a name of"
            + " its own: classes=1",
        "federation=fedavg | federation: federation must be none for a stream, because clients of a"
            + " federation have data of their own: federation=\"fedavg\"; leave federation away"
      })
  void stream_withABrokenRule_isRefusedWithItsPlace(String override, String message) {
    assertThatThrownBy(() -> load(WHOLE + override))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(message);
  }

  @Test
  void stream_withoutWhatCannotBeKnown_isAskedForAllOfIt() {
    assertThatThrownBy(() -> load("model = lenet-5, data = kafka"))
        .hasMessageContaining("data.topic: topic must be given: the name of the topic to read")
        .hasMessageContaining("data.features: features must be given: how many values an example")
        .hasMessageContaining("data.classes: classes must be given: how many classes there are")
        .hasMessageContaining("train.samples: samples must be given: how many examples");
  }

  @Test
  void samples_whereTheDataAreNoStream_areRefused() {
    assertThatThrownBy(() -> load("model = lenet-5, data = digits, train.samples = 5"))
        .hasMessageContaining(
            "train.samples: samples must be left away where the data are no stream, because"
                + " other data are passed over whole: samples=5;"
                + " epochs says how long to train");
  }
}
