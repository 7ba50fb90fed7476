package io.espalier.configs.combination;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.MaskTraits;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.AllocationPlugin;
import io.espalier.configs.plugin.ClassPath;
import io.espalier.configs.plugin.MaskPlugin;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.RankingPlugin;
import io.espalier.configs.plugin.RequiredStatistics;
import io.espalier.configs.recipe.RecipeLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules of combination apply to users' members by what these say of themselves. */
final class OwnMembersTest {
  @TempDir private Path directory;

  /** Reads values of a mask kind; its setting says whether it reads data too. */
  public static final class Peeking implements RankingPlugin {
    @Override
    public PluginKind kind() {
      return PluginKind.SCORE;
    }

    @Override
    public String name() {
      return "peeking";
    }

    @Override
    public PluginKeys keys() {
      return PluginKeys.NONE.flag("looks", true).flag("fails", false).text("value", "");
    }

    @Override
    public RequiredStatistics readings(MemberSettings settings) {
      if (settings.flag("fails")) {
        throw new IllegalStateException("no idea");
      }
      String value = settings.text("value");
      return new RequiredStatistics(
          settings.flag("looks"), value.isEmpty() ? Set.of() : Set.of(value));
    }
  }

  public static final class Wide implements AllocationPlugin {
    @Override
    public String name() {
      return "wide";
    }
  }

  public static final class Narrow implements AllocationPlugin {
    @Override
    public String name() {
      return "narrow";
    }

    @Override
    public boolean sharesChannels() {
      return false;
    }
  }

  public static final class Gated implements MaskPlugin {
    @Override
    public String name() {
      return "gated";
    }

    @Override
    public MaskTraits traits(MemberSettings settings) {
      return MaskTraits.PERMANENT;
    }

    @Override
    public Set<String> values(MemberSettings settings) {
      return Set.of("gate");
    }

    @Override
    public boolean chooses(MemberSettings settings) {
      return false;
    }
  }

  @Test
  void score_thatLooksAtData_isRefusedInAFederation_oneThatDoesNotIsTaken() {
    assertThat(problems("federation = fedavg\nprune.score = peeking"))
        .singleElement()
        .asString()
        .startsWith("my.conf:3: prune.score: score must be magnitude")
        .endsWith(
            " in a federation, because the server updates the masks, and the data are on the"
                + " devices: score=\"peeking\"; name one of these scores");
    assertThat(problems("federation = fedavg\nprune.score { kind = peeking, looks = false }"))
        .isEmpty();
  }

  @Test
  void score_thatReadsValues_goesWithKindsThatHaveThem() {
    String reading = "prune.score { kind = peeking, value = gate }\n";

    assertThat(problems(reading + "prune.mask = gated")).isEmpty();
    assertThat(problems(reading + "prune.mask = hard"))
        .containsExactly(
            "my.conf:3: prune.mask: mask must be a kind with the values gate beside each weight,"
                + " because the values are trained and stored by the kind: mask=\"hard\"; name the"
                + " kind that has them");
  }

  @Test
  void allocation_ofChannels_goesWithChannels_andErrorsNameIt() {
    assertThat(problems("prune.granularity = channel\nprune.allocation = wide")).isEmpty();
    assertThat(problems("prune.granularity = channel\nprune.allocation = narrow"))
        .singleElement()
        .asString()
        .contains("allocation must be uniform, global, ")
        .contains("knapsack or wide where channels are pruned");
    assertThat(problems("prune.allocation = precropping"))
        .singleElement()
        .asString()
        .contains("wide or narrow where weights are pruned");
    assertThat(problems("prune.granularity = channel\nprune.allocation = erk")).isEmpty();
    assertThat(problems("prune.granularity = n-of-m\nprune.score = channel-taylor"))
        .singleElement()
        .asString()
        .contains("granularity must be channel with prune.score = channel-taylor");
  }

  @Test
  void member_thatFailsToSay_isNamedOnce() {
    assertThat(problems("federation = fedavg\nprune.score { kind = peeking, fails = true }"))
        .containsExactly(
            "my.conf:3: prune.score: score 'peeking' (class %s) failed to say what it goes together with: java.lang.IllegalStateException: no idea"
                .formatted(Peeking.class.getName()));
  }

  @Test
  void rules_severalBroken_areReportedTogetherWithTheirLines() {
    assertThat(
            problems(
                """
                prune { granularity = channel, allocation = narrow
                  selection = per-row, mask = movement
                  regrowth = set, sparsity = 0 }
                federation = fedavg"""))
        .extracting(problem -> problem.substring(0, problem.indexOf(" must be")))
        .containsExactlyInAnyOrder(
            "my.conf:2: prune.allocation: allocation",
            "my.conf:3: prune.selection: selection",
            "my.conf:3: prune.mask: mask",
            "my.conf:3: prune.mask: mask",
            "my.conf:4: prune.regrowth: regrowth",
            "my.conf:4: prune.regrowth: regrowth",
            "my.conf:4: prune.regrowth: regrowth",
            "my.conf:4: prune.regrowth: regrowth",
            "my.conf:2: prune.granularity: granularity");
  }

  /** What stands in for an unreadable value says nothing about the recipe. */
  @Test
  void rule_aboutAKeyThatIsWrong_isNotAsked() {
    assertThat(problems("prune.granularity = chanel\nprune.allocation = knapsack"))
        .singleElement()
        .asString()
        .startsWith("my.conf:2: prune.granularity: granularity must be one of");
  }

  private List<String> problems(String lines) {
    try {
      ClassPath.with(
          directory,
          () ->
              new RecipeLoader()
                  .parse("my.conf", "data = digits, model = lenet-5\n" + lines, List.of()),
          Peeking.class,
          Wide.class,
          Narrow.class,
          Gated.class);
      return List.of();
    } catch (InvalidConfigException e) {
      return e.problems().stream().map(Problem::toString).toList();
    }
  }
}
