package io.espalier.configs.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ResolvedRecipeTest {
  private final RecipeLoader loader = new RecipeLoader();

  static List<String> names() {
    return Recipes.names();
  }

  @Test
  void text_digits_spellsOutEveryDefault() {
    assertThat(loader.load("digits", List.of()).text())
        .isEqualTo(
            """
            name = "digits"
            seed = 42
            data {
              kind = digits
              test = 0.2
              batch-size = 32
              validation = 0.0
              augmentation {
                flip = false
                crop = 0
              }
            }
            model {
              kind = mlp
              hidden = [64, 32]
              initial {
                kind = uniform-fan-in
                gain = 1.0
              }
            }
            train {
              epochs = 30
              trainers = 2
              sync-every = 4
              evaluate-every = 1 epoch
              checkpoint-every = 10 epochs
              keep-checkpoints = 3
              max-restarts = 3
              progress-timeout = 120s
              when-disk-full = stop
              optimizer {
                kind = sgd
                momentum = 0.9
                nesterov = false
                weight-decay = 1.0E-4
              }
              learning-rate {
                kind = cosine
                initial = 0.05
                final = 0.0
                warm-up = 0
              }
              label-smoothing = 0.0
              clip-norm = none
              fold-norms = true
            }
            prune {
              granularity = weight
              sparsity = 0.9
              score = magnitude
              allocation {
                kind = global
                normalize = none
                sentinel = 0.5
              }
              selection = free
              min-keep = 0.005
              exclude = []
              schedule {
                kind = cubic
                begin = 10%
                end = 75%
                updates = 20
                initial = 0.0
              }
              mask = hard
              regrowth = none
              refit = none
            }
            federation = none
            """);
  }

  @Test
  void text_taggedRecipe_namesTheTagsAfterTheName() {
    assertThat(loader.load("digits", List.of("tags = [baseline, \"a b\"]")).text())
        .startsWith(
            """
            name = "digits"
            tags = ["baseline", "a b"]
            seed = 42
            """);
  }

  @Test
  void text_tableWithoutKeysOfItsCells_isThatOfEarlierVersions() {
    String recipe = "data { kind = csv, path = x.csv, label = y }, model = lenet-5";

    assertThat(loader.parse("t.conf", recipe, List.of()).text())
        .contains("  test = 0.2\n")
        .doesNotContain("missing", "separator", "categories");
  }

  @ParameterizedTest
  @MethodSource("names")
  void text_shippedRecipe_loadsBackEqual(String name) {
    assertRoundTrip(loader.load(name, List.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data { kind = csv, path = \"a b.csv\", label = 3, test-path = \"c\\\"d.csv\" }",
        "data { kind = csv, path = x.csv, label = \"the class\", test = 33.3% }",
        "data { kind = csv, path = x.csv, label = 0, columns = [\"a*\", b], ignore = [\"c?\"], text = [d],"
            + " missing = [\"\", \"-\", \"null\"], separator = \"|\", header = no, categories = 7 }",
        "data { kind = csv, path = x.csv, label = 0, separator = tab, header = yes }",
        "data { kind = csv, path = x.csv, label = 0, separator = auto, header = auto, missing = [] }",
        "data = text, model = char-lm",
        "data { kind = labelled-text, path = \"a b.csv\", text = words, label = kind, vocabulary = \"my/tokenizer.json\", context = 32, separator = \";\" }, model { kind = text-classifier, layers = 1 }",
        "data { kind = labelled-text, path = folders, vocabulary = bytes, test = 5% }, model = text-classifier",
        "data { kind = text, path = \"a b.txt\", vocabulary = bytes, context = 32, stride = 8, test = 5% }",
        "model { kind = char-lm, layers = 2, features = 24, heads = 6, key-value-heads = 2, hidden = 50,"
            + " positions = rotary, norm = rms, feed-forward = gated }",
        "prune.granularity { kind = head, budget = parameters, settle = 3 }",
        "data { kind = fashion-mnist, path = images }",
        "data { kind = fashion-mnist, url = \"https://host/folder\" }",
        "data { kind = fashion-mnist, url = \"http://host/\", allow-http = true }",
        "data { kind = idx, path = images, channels = last, classes = [\"a b\", \"c\\\"d\"] }",
        "data { kind = idx, url = \"http://localhost:8080/x\", sha256 { \"train-images.idx3-ubyte\" = "
            + "\"AB00000000000000000000000000000000000000000000000000000000000000\", \"b\" = "
            + "\"0000000000000000000000000000000000000000000000000000000000000000\" } }",
        "data.augmentation { flip = true, crop = 4 }",
        "model { kind = resnet-8, width = 4 }",
        "model { kind = resnet-56, width = 4 }",
        "model { kind = mobilenet, width = 8 }",
        "model = lenet-5-bn",
        "model { kind = lenet-5, initial = orthogonal }",
        "model { kind = lenet-5, initial { kind = uniform-fan-in, gain = 0.5 } }",
        "model { kind = layers, layers = [{ kind = convolution, outputs = 6, kernel = 3 }, batch-norm,"
            + " { kind = leaky-relu, slope = 0.2 }, { kind = relu, name = a.b }, flatten,"
            + " { kind = linear, outputs = classes, bias = false }] }",
        "model { kind = mlp, hidden = [] }",
        "model { kind = lenet-5, weights = \"a b.safetensors\" }",
        "model { kind = lenet-5, weights { file = a, names { fc1.weight = \"x.0\", \"f*\" = \"*\" } } }",
        "model.weights { file = a, transpose = [\"*.weight\"], ignore = [x], draw = [\"out*\"] }",
        "name = \"a \\\"quoted\\\" # name, é\"",
        "tags = [baseline, \"lr 0.1, \\\"x\\\" # é\"]",
        "tags = []",
        "train.evaluate-every = none",
        "train.progress-timeout = 1500 ms",
        "train.learning-rate = constant",
        "train.learning-rate { kind = step, every = 1.5 epochs }",
        "train.optimizer = adam",
        "train.optimizer = adamw",
        "train.optimizer { kind = sgd, nesterov = true }",
        "train.learning-rate = one-cycle",
        "train.learning-rate { kind = one-cycle, warm-up = 2 epochs }",
        "train.learning-rate { kind = step, warm-up = 10% }",
        "train { label-smoothing = 0.1, clip-norm = 2 }",
        "train.objective = cross-entropy",
        "train.objective { kind = distillation, teacher = \"a b.safetensors\", weight = 1 }",
        "train.rules = []",
        "train.rules = [{ kind = group-lasso, strength = 1e-4, end = 2 epochs },"
            + " { kind = group-lasso, strength = 3, axis = inputs, scale-by-size = false }]",
        "prune.exclude = [\"output.*\", \"conv?\"]",
        "prune.allocation = uniform",
        "prune.allocation { kind = er, power = 0.5 }",
        "prune.schedule = geometric",
        "prune.schedule = cosine",
        "prune.schedule { kind = polynomial, initial = 1e-3 }",
        "prune.schedule { kind = cubic, begin = 0.0001%, end = 2 epochs }",
      })
  void text_anyKindOfValue_loadsBackEqual(String override) {
    String recipe = "data = digits, model = lenet-5";
    assertRoundTrip(loader.parse("test.conf", recipe, List.of(override)));
  }

  @Property(tries = 1000, seed = "42")
  void text_anyValidNumber_loadsBackEqual(@ForAll("overrides") String override) {
    assertRoundTrip(loader.parse("test.conf", "data = digits, model = lenet-5", List.of(override)));
  }

  @Provide
  Arbitrary<String> overrides() {
    return Arbitraries.oneOf(
        whole(Long.MIN_VALUE, Long.MAX_VALUE, "seed=#"),
        whole(
            1,
            Integer.MAX_VALUE,
            "data.batch-size=#",
            "model{kind=mlp,hidden=[#,7]}",
            "train.epochs=#",
            "train.keep-checkpoints=#",
            "train.max-restarts=#",
            "train.sync-every=#",
            "train.evaluate-every=#",
            "train.checkpoint-every=#",
            "train.progress-timeout=#s",
            "train.learning-rate{kind=step,every=#}",
            "prune.schedule.updates=#"),
        whole(1, 64, "train.trainers=#"),
        whole(1, 1024, "model{kind=resnet-8,width=#}"),
        whole(
            0,
            Long.MAX_VALUE,
            "train.learning-rate.warm-up=#",
            "train.learning-rate{kind=constant,warm-up=#}",
            "train.learning-rate{kind=one-cycle,warm-up=#}",
            "prune.schedule{kind=one-shot,begin=#}",
            "prune.schedule.begin=#",
            "prune.mask{kind=annealed,over=#}"),
        real(
            1e-12,
            0.999,
            "data.validation=#",
            "data.test=#",
            "data{kind=csv,path=a,label=b,test=#}",
            "train.optimizer.momentum=#",
            "train.optimizer.weight-decay=#",
            "train.optimizer{kind=adam,beta1=#}",
            "train.optimizer{kind=adam,beta2=#}",
            "train.optimizer{kind=adam,epsilon=#}",
            "train.optimizer{kind=adamw,weight-decay=#}",
            "train.label-smoothing=#",
            "train.clip-norm=#",
            "train.learning-rate{kind=one-cycle,max=#}",
            "train.optimizer{kind=adam,weight-decay=#}",
            "train.learning-rate{initial=1,final=#}",
            "train.learning-rate{kind=constant,initial=#}",
            "train.learning-rate{kind=step,initial=#}",
            "train.learning-rate{kind=step,factor=#}",
            "train.learning-rate.initial=#",
            "prune.sparsity=#",
            "prune.min-keep=#",
            "prune.allocation{kind=er,power=#}",
            "prune.allocation{kind=erk,power=#}",
            "prune.schedule{kind=polynomial,power=#}",
            "prune.schedule.initial=#",
            "prune.mask{kind=soft,masked-decay=#}",
            "prune.mask{kind=soft,hidden-gradient=#}",
            "prune{mask=soft,schedule{continue=1 epoch,freeze=95%,initial=#}}",
            "prune.mask{kind=annealed,initial-temperature=#}"),
        real(1e-9, 99.9, "data.test=#%", "prune.sparsity=#%", "train.sync-every=#%"),
        real(1, 1e9, "train.learning-rate{kind=one-cycle,div=#,final-div=#}"),
        real(0, 75, "prune.schedule.begin=#%"),
        real(10, 100, "prune.schedule.end=#%"),
        real(1e-9, 1e9, "train.evaluate-every=# epochs", "train.checkpoint-every=# epochs"));
  }

  private static Arbitrary<String> whole(long least, long most, String... templates) {
    return filled(Arbitraries.longs().between(least, most), templates);
  }

  private static Arbitrary<String> real(double least, double most, String... templates) {
    return filled(Arbitraries.doubles().between(least, most).ofScale(12), templates);
  }

  private static Arbitrary<String> filled(Arbitrary<?> number, String... templates) {
    return Combinators.combine(Arbitraries.of(templates), number)
        .as((template, value) -> template.replace("#", String.valueOf(value)));
  }

  private void assertRoundTrip(ResolvedRecipe recipe) {
    ResolvedRecipe again = loader.parse("recipe.conf", recipe.text(), List.of());

    assertThat(again).isEqualTo(recipe);
  }

  @Test
  void path_relative_startsAtTheCurrentDirectory() {
    ResolvedRecipe recipe =
        loader.parse(
            "test.conf",
            "data { kind = fashion-mnist, path = a/../b }, model = lenet-5",
            List.of());

    assertThat(recipe.text())
        .contains("path = \"" + Path.of("b").toAbsolutePath().toString() + "\"");
  }
}
