package io.espalier.configs.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.GranularityConfig.ChannelLimits;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.plugin.PluginKeys;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Keys by the names that they had in the version before. */
final class RenamedKeysTest {
  private static final RecipeLoader LOADER = new RecipeLoader();
  private static final String BASE = "data = digits, model = lenet-5\n";
  private static final String FORMER =
      BASE
          + """
          prune.granularity {
            kind = channel
            most-pruned = 75%
            least-channels = 3
            multiple = 4
          }
          """;
  private static final String NAMED =
      FORMER
          .replace("most-pruned", "max-ratio")
          .replace("least-channels", "min-channels")
          .replace("multiple", "round-to");
  private static final String SOON =
      "; this version reads the former name too, the next one does not";

  private static ResolvedRecipe parsed(String text, String... overrides) {
    return LOADER.parse("own.conf", text, List.of(overrides));
  }

  private static ChannelLimits limits(ResolvedRecipe recipe) {
    return ((GranularityConfig.Channel) recipe.config().prune().granularity()).limits();
  }

  @Test
  void recipe_withFormerNames_resolvesAsWithTheNewOnesAndNoticesThem() {
    ResolvedRecipe former = parsed(FORMER);

    assertThat(former.config()).isEqualTo(parsed(NAMED).config());
    assertThat(former.text()).isEqualTo(parsed(NAMED).text()).contains("round-to = 4");
    assertThat(former.notices())
        .containsExactlyInAnyOrder(
            "prune.granularity.most-pruned is now max-ratio: most-pruned=\"75%\" (own.conf:4)"
                + SOON,
            "prune.granularity.least-channels is now min-channels: least-channels=3 (own.conf:5)"
                + SOON,
            "prune.granularity.multiple is now round-to: multiple=4 (own.conf:6)" + SOON);
    assertThat(parsed(NAMED).notices()).isEmpty();
  }

  @Test
  void rule_withAFormerName_resolvesAsWithTheNewOne() {
    String rules = "train.rules = [{ kind = group-lasso, strength = 1, scale-by-size = false }]";

    ResolvedRecipe former = parsed(BASE + rules.replace("scale-by-size", "sized"));

    assertThat(former.text()).isEqualTo(parsed(BASE + rules).text());
    assertThat(former.config().train().step().rules().get(0).flag("scale-by-size")).isFalse();
    assertThat(former.notices())
        .containsExactly(
            "train.rules[0].sized is now scale-by-size: sized=false (own.conf:2)" + SOON);
  }

  @Test
  void override_byEitherName_winsOverTheRecipe() {
    assertThat(limits(parsed(NAMED, "prune.granularity.multiple=2")))
        .isEqualTo(new ChannelLimits(0.75, 3, 2));
    assertThat(limits(parsed(FORMER, "prune.granularity.round-to=2")))
        .isEqualTo(new ChannelLimits(0.75, 3, 2));
    assertThat(limits(parsed(NAMED, "prune.granularity.multiple=null")).roundTo()).isEqualTo(1);
    assertThat(limits(LOADER.load("resnet-20-channels", List.of("prune.granularity.multiple=2"))))
        .isEqualTo(new ChannelLimits(1, 1, 2));
  }

  @Test
  void names_bothInOneText_areRefused() {
    String both = FORMER.replace("multiple = 4", "multiple = 4, round-to = 8");

    assertThatThrownBy(() -> parsed(both))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(
            "own.conf:6: prune.granularity.round-to: round-to must be given by one name only:"
                + " round-to=8, and multiple=4 by its former name; leave multiple away");
    assertThatThrownBy(
            () -> parsed(BASE, "prune.granularity { kind = head, round-to = 2, multiple = 2 }"))
        .hasMessageContaining("round-to must be given by one name only");
    assertThatThrownBy(
            () ->
                parsed(
                    NAMED, "prune.granularity.max-ratio=50%", "prune.granularity.most-pruned=60%"))
        .hasMessageContaining("max-ratio must be given by one name only");
  }

  @Test
  void value_thatIsInvalidByAFormerName_isRefusedByTheNewOne() {
    assertThatThrownBy(() -> parsed(FORMER.replace("multiple = 4", "multiple = 0")))
        .hasMessageContaining(
            "own.conf:6: prune.granularity.round-to: round-to must be 1 or more: round-to=0");
  }

  @Test
  void formerName_ofAnotherKind_isLeftOutOrRefusedAsItsKey() {
    ResolvedRecipe weights = parsed(FORMER, "prune.granularity.kind=weight");

    assertThat(weights.notices())
        .singleElement()
        .asString()
        .contains("leaves out least-channels=3, most-pruned=\"75%\", multiple=4 of own.conf");
    assertThatThrownBy(() -> parsed(BASE, "prune.granularity { kind = weight, multiple = 4 }"))
        .hasMessageContaining("multiple is a key of kinds channel, head, not of weight");
  }

  @Test
  void storedRecipe_withFormerNames_keepsItsTextAndDiffersInNothing() {
    String stored =
        parsed(NAMED)
            .text()
            .replace("max-ratio", "most-pruned")
            .replace("min-channels", "least-channels")
            .replace("round-to", "multiple");

    ResolvedRecipe resumed = LOADER.stored("recipe.conf", stored, List.of());
    ResolvedRecipe same = LOADER.completed("recipe.conf", stored, List.of());
    ResolvedRecipe longer = LOADER.completed("recipe.conf", stored, List.of("train.epochs=99"));

    assertThat(resumed.text()).isEqualTo(stored);
    assertThat(resumed.config()).isEqualTo(parsed(NAMED).config());
    assertThat(ResumeOverrides.verified(same, longer)).containsExactly("train.epochs = 99");
    assertThat(longer.notices()).isEmpty();
  }

  @Test
  void storedRecipe_withAnOverrideByAFormerName_isNoticed() {
    String stored = parsed(NAMED).text().replace("round-to", "multiple");

    ResolvedRecipe changed =
        LOADER.completed("recipe.conf", stored, List.of("prune.granularity.multiple=2"));

    assertThat(limits(changed).roundTo()).isEqualTo(2);
    assertThat(changed.notices()).singleElement().asString().contains("is now round-to");
  }

  @Test
  void reference_ofRenamedKeys_hasTheirNamesOnly() {
    List<String> names =
        RecipeReference.installed().keys().stream().map(RecipeReference.Key::name).toList();

    assertThat(names)
        .contains("max-ratio", "min-channels", "round-to", "scale-by-size")
        .doesNotContain("most-pruned", "least-channels", "multiple", "sized");
  }

  @Test
  void keysOfAMember_renamed_mustBeDeclaredByTheNewNameAlone() {
    PluginKeys keys = PluginKeys.NONE.whole("width", 1);

    assertThat(keys.renamed("size", "width").renamed()).isEqualTo(Map.of("size", "width"));
    assertThatThrownBy(() -> keys.renamed("size", "length"))
        .hasMessageContaining("a renamed key must be declared by its new name alone");
    assertThatThrownBy(() -> keys.whole("size", 1).renamed("size", "width"))
        .hasMessageContaining("keys=[width, size], renamed={size=width}");
  }
}
