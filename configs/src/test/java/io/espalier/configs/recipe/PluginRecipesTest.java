package io.espalier.configs.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.espalier.configs.DataConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.Span;
import io.espalier.configs.plugin.ClassPath;
import io.espalier.configs.plugin.Plugin;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.configs.plugin.PluginKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Recipes that name what users brought. */
final class PluginRecipesTest {
  @TempDir Path directory;

  /** A member without keys. */
  private abstract static class Plain implements Plugin {
    private final PluginKind kind;
    private final String name;

    Plain(PluginKind kind, String name) {
      this.kind = kind;
      this.name = name;
    }

    @Override
    public PluginKind kind() {
      return kind;
    }

    @Override
    public String name() {
      return name;
    }
  }

  public static final class Powered extends Plain {
    public Powered() {
      super(PluginKind.SCORE, "powered");
    }

    @Override
    public PluginKeys keys() {
      return PluginKeys.NONE
          .number("power", 2)
          .whole("rounds", 3)
          .share("part", 0.25)
          .flag("centred", false)
          .text("mode", "a \"b\"")
          .span("from", new Span.Percent(10))
          .path("cache", Path.of("/tmp/cache"));
    }

    @Override
    public void check(MemberSettings settings) {
      new Rules()
          .require("power", settings.number("power"), settings.number("power") > 0, "above 0")
          .verify();
    }
  }

  public static final class Demanding extends Plain {
    public Demanding() {
      super(PluginKind.DATA, "demanding");
    }

    @Override
    public PluginKeys keys() {
      return PluginKeys.NONE.required("file", PluginKeys.Type.PATH, "where the examples are");
    }

    @Override
    public void check(MemberSettings settings) {
      throw new IllegalStateException("checked " + settings.path("file").getFileName());
    }
  }

  public static final class Moons extends Plain {
    public Moons() {
      super(PluginKind.DATA, "moons");
    }
  }

  public static final class Grasping extends Plain {
    public Grasping() {
      super(PluginKind.DATA, "grasping");
    }

    @Override
    public PluginKeys keys() {
      return PluginKeys.NONE.whole("batch-size", 3);
    }
  }

  public static final class Fair extends Plain {
    public Fair() {
      super(PluginKind.ALLOCATION, "fair");
    }
  }

  public static final class Wavy extends Plain {
    public Wavy() {
      super(PluginKind.SCHEDULE, "wavy");
    }
  }

  public static final class Magnitude extends Plain {
    public Magnitude() {
      super(PluginKind.SCORE, "magnitude");
    }
  }

  public static final class PoweredToo extends Plain {
    public PoweredToo() {
      super(PluginKind.SCORE, "powered");
    }
  }

  private ResolvedRecipe load(String lines, Class<?>... members) {
    return ClassPath.with(
        directory,
        () ->
            new RecipeLoader()
                .parse("my.conf", "data = digits, model = lenet-5\n" + lines, List.of()),
        members);
  }

  private List<String> problems(String lines, Class<?>... members) {
    List<Problem> problems = new ArrayList<>();
    assertThatExceptionOfType(InvalidConfigException.class)
        .isThrownBy(() -> load(lines, members))
        .satisfies(e -> problems.addAll(e.problems()));
    return problems.stream().map(Problem::toString).toList();
  }

  @Test
  void everyFamily_bareName_takesAMember() {
    ResolvedRecipe recipe =
        load(
            """
            data { kind = moons, batch-size = 7 }
            prune { score = powered, allocation = fair, schedule = wavy }
            """,
            Moons.class,
            Powered.class,
            Fair.class,
            Wavy.class);

    assertThat(recipe.config().data())
        .isEqualTo(new DataConfig(new DataConfig.Custom(plain("moons")), 7, 0));
    assertThat(recipe.config().prune().ranking().score())
        .extracting(MemberSettings::name)
        .isEqualTo("powered");
    assertThat(recipe.config().prune().ranking().allocation()).isEqualTo(plain("fair"));
    assertThat(recipe.config().prune().schedule()).isEqualTo(plain("wavy"));
  }

  private static MemberSettings plain(String name) {
    return new MemberSettings(name, Map.of());
  }

  @Test
  void keys_leftOut_areTheirDefaults() {
    ResolvedRecipe recipe = load("prune.score = powered", Powered.class);

    assertThat(recipe.config().prune().ranking().score())
        .isEqualTo(
            new MemberSettings(
                "powered",
                Map.of(
                    "power",
                    2.0,
                    "rounds",
                    3,
                    "part",
                    0.25,
                    "centred",
                    false,
                    "mode",
                    "a \"b\"",
                    "from",
                    new Span.Percent(10),
                    "cache",
                    Path.of("/tmp/cache"))));
  }

  @Test
  void text_ofEveryType_loadsBackEqual() {
    ResolvedRecipe recipe =
        load(
            "prune.score { kind = powered, power = 0.5, rounds = -7, part = 12.5%, centred = true,"
                + " mode = \"\", from = 2 epochs, cache = here }",
            Powered.class);

    ResolvedRecipe again =
        ClassPath.with(
            directory,
            () -> new RecipeLoader().parse("recipe.conf", recipe.text(), List.of()),
            Powered.class);

    assertThat(again).isEqualTo(recipe);
    assertThat(recipe.text()).contains("from = 2 epochs", "part = 0.125", "centred = true");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "powr = 3 | powr: unknown key: powr=3; known keys: cache, centred, from, kind, mode, part,"
            + " power, rounds; did you mean power?",
        "power = high | power: power must be a number: power=\"high\"",
        "power = 0 | power: power must be above 0: power=0",
        "power = 1e400 | power: power must be a number: power=Infinity",
        "part = 500% | part: part must be a share from 0% to 100%: part=\"500%\"",
        "part = -3 | part: part must be a share from 0% to 100%: part=-3",
        "rounds = 1.5 | rounds: rounds must be a whole number: rounds=1.5",
        "centred = 1 | centred: centred must be true or false: centred=1",
        "from = 3 weeks | from: from must be steps such as 100, epochs such as \"2 epochs\" or a"
            + " share of the run such as 10%: from=\"3 weeks\"",
      })
  void key_thatBreaksARule_isRefusedAsInABuiltInMember(String key, String problem) {
    assertThat(problems("prune.score { kind = powered, " + key + " }", Powered.class))
        .containsExactly("my.conf:2: prune.score." + problem);
  }

  @Test
  void key_thatIsRequired_mustBeGiven() {
    assertThat(problems("data = null, data = demanding", Demanding.class))
        .containsExactly("my.conf:2: data.file: file must be given: where the examples are");
  }

  @Test
  void check_thatThrows_isReportedWithItsClass() {
    assertThat(problems("data { kind = demanding, file = x }", Demanding.class))
        .containsExactly(
            "my.conf:2: data.kind: data source 'demanding' (class %s) failed to check its settings: java.lang.IllegalStateException: checked x"
                .formatted(Demanding.class.getName()));
  }

  @Test
  void key_thatAllOfTheFamilyHave_mustNotBeDeclared() {
    assertThat(problems("data = null, data = grasping", Grasping.class))
        .singleElement()
        .asString()
        .contains(Grasping.class.getName(), "keys=[batch-size]");
  }

  @Test
  void name_unknown_listsTheUsersMembersToo() {
    assertThat(problems("prune.score = powerd", Powered.class))
        .containsExactly(
            "my.conf:2: prune.score: score must be one of magnitude, random, taylor, snip, grasp, wanda, wanda-regional, fisher, obs, synflow, variance, attention-maps, movement, averaged-taylor, hard-concrete, transport, keep-logits, edge-popup, channel-taylor, batch-norm-scale, angular-distance, powered:"
                + " score=\"powerd\"; did you mean powered?");
  }

  @Test
  void name_unknown_tellsWhatCannotBeUsed() {
    String recipe = "data = digits, model = lenet-5, prune.score = gone";
    assertThatExceptionOfType(InvalidConfigException.class)
        .isThrownBy(
            () ->
                ClassPath.with(
                    directory,
                    List.of("com.example.Gone"),
                    () -> new RecipeLoader().parse("my.conf", recipe, List.of())))
        .withMessageEndingWith("; not usable: Provider com.example.Gone not found");
  }

  @Test
  void name_ofABuiltInMember_isRefusedWithTheClass() {
    assertThat(problems("prune.score = magnitude", Magnitude.class))
        .containsExactly(
            "my.conf:2: prune.score: magnitude must name one score only: it is built in, and also"
                + " the name of [%s]; change a name()".formatted(Magnitude.class.getName()));
  }

  @Test
  void name_ofTwoMembers_isRefusedWithBothClasses() {
    assertThat(problems("prune.score = powered", Powered.class, PoweredToo.class))
        .containsExactly(
            "my.conf:2: prune.score: powered must name one score only: it is the name of [%s, %s];"
                    .formatted(Powered.class.getName(), PoweredToo.class.getName())
                + " change a name()");
  }

  @Test
  void members_thatNoRecipeNames_doNoHarm() {
    assertThat(load("prune.score = random", Magnitude.class, Powered.class, PoweredToo.class))
        .extracting(recipe -> recipe.config().prune().ranking().score())
        .isEqualTo(MemberSettings.of("random"));
  }
}
