package io.espalier.masks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.PruneConfig;
import io.espalier.configs.Span;
import io.espalier.configs.plugin.Plugin;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.PluginRegistry;
import io.espalier.configs.recipe.RecipeLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Built-in members as recipes name them. */
class BuiltInPluginsTest {
  /** Of members that do not go with single weights. */
  private static final Map<String, String> GRANULARITIES =
      Map.of("precropping", "channel", "geometric-median", "filter");

  static Stream<Plugin> members() {
    PluginRegistry installed = PluginRegistry.installed();
    return Stream.of(PluginKind.values())
        .filter(family -> family != PluginKind.INITIALIZER && family != PluginKind.OBSERVER)
        .flatMap(
            family ->
                installed.names(family).stream()
                    .flatMap(name -> installed.named(family, name).stream()))
        .filter(PluginRegistry::isBuiltIn);
  }

  /** The family's block in reference.conf. */
  private static String word(PluginKind family) {
    return family == PluginKind.MASK ? "mask" : family.word();
  }

  private static PruneConfig load(String lines) {
    return new RecipeLoader()
        .parse("my.conf", "data = digits, model = lenet-5\n" + lines, List.of())
        .config()
        .prune();
  }

  private static MemberSettings choice(PruneConfig prune, PluginKind family) {
    return switch (family) {
      case SCORE -> prune.ranking().score();
      case ALLOCATION -> prune.ranking().allocation();
      case SCHEDULE -> prune.schedule();
      case MASK -> prune.mask().member();
      case REGROWTH -> prune.regrowth();
      case REFIT -> prune.refit();
      case UNITS -> ((GranularityConfig.Units) prune.granularity()).settings();
      case SELECTION -> prune.ranking().selection();
      case DATA, NETWORK, INITIALIZER, OBSERVER, OBJECTIVE, OPTIMIZER, LEARNING_RATE, RULE ->
          throw new IllegalArgumentException("members of trainer are not built in here");
    };
  }

  private static MemberSettings loaded(Plugin member, String keys) {
    String granularity =
        GRANULARITIES.containsKey(member.name())
            ? "\nprune.granularity = " + GRANULARITIES.get(member.name())
            : "";
    String block = "{ kind = " + member.name() + keys + " }";
    return choice(load(member.kind().path() + block + granularity), member.kind());
  }

  @Test
  void names_ofAllFamilies_areInTheOrderOfMessages() {
    assertThat(members().map(Plugin::name))
        .containsExactly(
            "magnitude",
            "random",
            "taylor",
            "snip",
            "grasp",
            "wanda",
            "ria",
            "lamp",
            "fisher",
            "obd",
            "obs",
            "obspa",
            "lasso",
            "slimgpt",
            "kfac",
            "woodfisher",
            "chita",
            "synflow",
            "lrp",
            "gblm",
            "wanda-regional",
            "attention-maps",
            "variance",
            "fluctuation",
            "contribution",
            "hessian-trace",
            "geometric-median",
            "batch-norm-scale",
            "movement",
            "averaged-taylor",
            "hard-concrete",
            "transport",
            "keep-logits",
            "edge-popup",
            "channel-taylor",
            "angular-distance",
            "cosine-distance",
            "uniform",
            "uniform-plus",
            "global",
            "er",
            "erk",
            "erk-plus",
            "balanced",
            "pyramidal",
            "owl",
            "dlp",
            "lamp",
            "rd",
            "ecoflap",
            "rising",
            "adapt-pruner",
            "cfsp",
            "precropping",
            "knapsack",
            "constant",
            "one-shot",
            "cubic",
            "polynomial",
            "cosine",
            "geometric",
            "exponential",
            "hard",
            "soft",
            "annealed",
            "movement",
            "soft-threshold",
            "averaged-taylor",
            "hard-concrete",
            "transport",
            "keep-logits",
            "edge-popup",
            "set",
            "rigl",
            "least-squares",
            "least-squares-branches",
            "admm",
            "sparsegpt",
            "kfac",
            "chita",
            "mean-folding",
            "norms",
            "rescale",
            "weight",
            "row",
            "filter",
            "column",
            "block",
            "n-of-m",
            "free",
            "per-row",
            "connected");
  }

  @ParameterizedTest
  @MethodSource("members")
  void defaults_areThoseOfReferenceConf(Plugin member) throws IOException {
    String reference = Files.readString(Path.of("../configs/reference.conf"));
    int block = reference.indexOf("\n  " + word(member.kind()) + " {\n");
    String family = reference.substring(Math.max(0, block));
    StringBuilder keys = new StringBuilder();
    for (PluginKeys.Key key : member.keys().list()) {
      Matcher line =
          Pattern.compile(
                  "(?s)\\b%s \\{.*?\\b%s = (.*?)( }|  )".formatted(member.name(), key.name()))
              .matcher(family);
      assertThat(line.find()).as(key.name()).isTrue();
      keys.append(", ").append(key.name()).append(" = ").append(line.group(1));
    }

    assertThat(loaded(member, keys.toString())).isEqualTo(loaded(member, ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "score{kind=taylor,batches=0} | score.batches: batches must be from 1 to 1000: batches=0",
        "score{kind=taylor,batchs=3} | score.batchs: unknown key: batchs=3; known keys: batches,"
            + " kind; did you mean batches?",
        "score{kind=gblm,norm=l3} | score.norm: norm must be one of l2, l1: norm=\"l3\"; did you mean"
            + " l1?",
        "score{kind=attention-maps,power=3} | score.power: power must be 1, 2 or 4: power=3",
        "score{kind=obd,probes=0} | score.probes: probes must be from 1 to 1000: probes=0",
        "refit{kind=admm,rho=0} | refit.rho: rho must be from 0.001 to 1000: rho=0",
        "refit{kind=sparsegpt,damping=0} | refit.damping: damping must be from 1e-6 to 1: damping=0",
        "allocation{kind=er,power=-1} | allocation.power: power must be from 0 to 10: power=-1",
        "allocation{kind=knapsack,macs=0%} | allocation.macs: macs must be above 0 and at most 1:"
            + " macs=\"0%\"",
        "regrowth{kind=set,every=0} | regrowth.every: every must be longer than 0: every=0",
        "regrowth{kind=rigl,fraction=100%} | regrowth.fraction: fraction must be above 0 and below"
            + " 1: fraction=\"100%\"",
        "regrowth{kind=rigl,batches=0} | regrowth.batches: batches must be from 1 to 1000:"
            + " batches=0",
        "refit{kind=least-squares,batches=0} | refit.batches: batches must be from 1 to 1000:"
            + " batches=0",
        "refit{kind=least-squares,ridge=0} | refit.ridge: ridge must be from 1e-9 to 1: ridge=0",
        "mask{kind=soft,masked-decay=2} | mask.masked-decay: masked-decay must be from 0 to 1:"
            + " masked-decay=2",
        "mask{kind=soft,hidden-gradient=1.5} | mask.hidden-gradient: hidden-gradient must be from 0"
            + " to 1: hidden-gradient=1.5",
        "mask{kind=annealed,initial-temperature=2} | mask.initial-temperature: initial-temperature"
            + " must be from 0 to 1: initial-temperature=2",
        "mask{kind=annealed,shape=cosin} | mask.shape: shape must be one of linear, cosine,"
            + " exponential, constant: shape=\"cosin\"; did you mean cosine?",
        "mask{kind=movement,rate=0} | mask.rate: rate must be above 0: rate=0",
        "mask{kind=movement,weight-decay=2} | mask.weight-decay: weight-decay must be from 0 to 1:"
            + " weight-decay=2",
        "schedule{begin=80%,end=20%} | schedule.begin: begin must be no later than end (20.0%):"
            + " begin=\"80%\"",
        "schedule{begin=3 epochs,end=2 epochs} | schedule.begin: begin must be no later than end"
            + " (2.0 epochs): begin=\"3 epochs\"",
        "schedule{begin=30,end=20} | schedule.begin: begin must be no later than end (20):"
            + " begin=30",
        "schedule{begin=90%} | schedule.begin: begin must be no later than end (75.0%):"
            + " begin=\"90%\"",
        "schedule{initial=100%} | schedule.initial: initial must be at least 0 and below 1:"
            + " initial=\"100%\"",
        "schedule{kind=polynomial,power=0} | schedule.power: power must be above 0, at most 100:"
            + " power=0",
      })
  void key_thatBreaksARule_isRefusedWithItsLine(String choice, String problem) {
    assertThatThrownBy(() -> load("prune." + choice)).hasMessage("my.conf:2: prune." + problem);
  }

  @Test
  void granularity_thatDoesNotGoWithTheRest_isRefused() {
    assertThat(load("prune.granularity = \"1:4\"").target().sparsity()).isEqualTo(.75);
    assertThatThrownBy(() -> load("prune { granularity = \"2:4\", sparsity = 75% }"))
        .hasMessage(
            "my.conf:2: prune.sparsity: sparsity must be 0.5 with prune.granularity = { kind = n-of-m,"
                + " n = 2, m = 4, axis = inputs }, because they say themselves how many of their weights stay:"
                + " sparsity=\"75%\"; leave prune.sparsity away, or choose other units");
    assertThatThrownBy(() -> load("prune.granularity = \"4:4\""))
        .hasMessageContaining("granularity.n: n must be from 1 to m - 1: n=");
    assertThat(
            load("prune { granularity = channel, allocation = erk }").ranking().allocation().name())
        .isEqualTo("erk");
    assertThat(load("prune.score = channel-taylor").granularity().name()).isEqualTo("channel");
    assertThatThrownBy(() -> load("prune.allocation = precropping"))
        .hasMessageContaining(
            "prune.allocation: allocation must be uniform, uniform-plus, global, er, erk, ");
    assertThatThrownBy(() -> load("prune { granularity = row, score = channel-taylor }"))
        .hasMessageContaining("granularity must be channel with prune.score = channel-taylor");
    assertThatThrownBy(() -> load("prune { granularity = row, selection = per-row }"))
        .hasMessageContaining(
            "prune.selection: selection must be free unless single weights are pruned");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "continue=16 | continue: continue must be none unless freeze names when the last update is,"
            + " such as 95%: continue=16",
        "freeze=95% | freeze: freeze must be none unless continue names the span from update to"
            + " update, such as 16: freeze=\"95%\"",
        "continue=0,freeze=95% | continue: continue must be longer than 0: continue=0",
        "continue=16,freeze=70% | freeze: freeze must be no earlier than end (75.0%):"
            + " freeze=\"70%\"",
        "continue=often,freeze=95% | continue: continue must be steps such as 100, epochs such as"
            + " \"2 epochs\" or a share of the run such as 10%, or none: continue=\"often\"",
      })
  void updatesAfterTheFinalSparsity_thatBreakARule_areRefused(String keys, String problem) {
    for (String kind : List.of("cubic", "polynomial", "cosine", "geometric", "exponential")) {
      String schedule = "schedule{kind=%s,%s}".formatted(kind, keys);
      assertThatThrownBy(() -> load("prune.mask=soft\nprune." + schedule))
          .hasMessage("my.conf:3: prune.schedule." + problem);
    }
  }

  @Test
  void gates_namedAlone_bringTheScoreOfTheirName() {
    for (String mask : List.of("hard-concrete", "transport", "keep-logits", "edge-popup")) {
      assertThat(load("prune.mask = " + mask).ranking().score().name()).isEqualTo(mask);
      assertThat(load("prune.score = " + mask).mask().member().name()).isEqualTo(mask);
    }
  }

  @Test
  void updatesAfterTheFinalSparsity_ofAMaskWhosePrunedWeightsNeverReturn_areRefused() {
    String schedule = "prune.schedule { continue = 1 epoch, freeze = 95% }\n";

    for (String mask : List.of("soft", "movement", "averaged-taylor", "soft-threshold")) {
      assertThat(load(schedule + "prune.mask = " + mask).schedule().optionalSpan("continue"))
          .contains(new Span.Epochs(1));
    }
    for (String mask : List.of("hard", "annealed")) {
      assertThatThrownBy(() -> load(schedule + "prune.mask = " + mask))
          .hasMessage(
              "my.conf:2: prune.schedule.continue: continue must be none with prune.mask = "
                  + mask
                  + ", because weights that are pruned for good leave such an update nothing to"
                  + " change: continue=\"1 epoch\"; leave prune.schedule.continue and"
                  + " prune.schedule.freeze away, or take such a mask");
    }
  }

  @Test
  void keyOfAnAllocation_whereItsUnitsAreNotPruned_isRefused() {
    String weights = "prune.allocation { kind = knapsack, macs = 12% }\n";
    String channels = "prune.allocation { kind = knapsack, chunk = 4 }\n";
    String reason =
        ", because a limit of what single weights cost says nothing of larger units, and a budget of"
            + " channels limits their cost itself: ";
    String wayOut = "; leave the key away, or prune these units";

    assertThat(load(weights).ranking().allocation().number("macs")).isEqualTo(.12);
    assertThat(load(channels + "prune.granularity = channel").ranking().allocation().whole("chunk"))
        .isEqualTo(4);
    for (String other : List.of("channel", "row", "\"block 4x4\"")) {
      assertThatThrownBy(() -> load(weights + "prune.granularity = " + other))
          .hasMessage(
              "my.conf:2: prune.allocation.macs: macs must be 1.0 unless single weights are pruned"
                  + reason
                  + "macs=\"12%\""
                  + wayOut);
    }
    assertThatThrownBy(() -> load(channels))
        .hasMessage(
            "my.conf:2: prune.allocation.chunk: chunk must be 1 unless channels are pruned"
                + reason
                + "chunk=4"
                + wayOut);
  }

  @Test
  void schedule_severalBrokenRules_areReportedTogether() {
    assertThatThrownBy(() -> load("prune.schedule { kind = polynomial, updates = 0\n power = -1 }"))
        .hasMessage(
            "my.conf:2: prune.schedule.updates: updates must be 1 or more: updates=0\n"
                + "my.conf:3: prune.schedule.power: power must be above 0, at most 100: power=-1");
  }

  @Test
  void schedule_spansOfTwoUnits_areNotCompared() {
    assertThat(load("prune.schedule{begin=2000,end=20%}").schedule().name()).isEqualTo("cubic");
  }
}
