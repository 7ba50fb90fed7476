package io.espalier.configs.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.DataConfig;
import io.espalier.configs.GranularityConfig;
import io.espalier.configs.GranularityConfig.BudgetConfig;
import io.espalier.configs.GranularityConfig.ChannelScoring;
import io.espalier.configs.GranularityConfig.CuttingConfig;
import io.espalier.configs.GranularityConfig.NormScaling;
import io.espalier.configs.GranularityConfig.Reduction;
import io.espalier.configs.LearningRateConfig;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.OptimizerConfig;
import io.espalier.configs.RunConfig;
import io.espalier.configs.Span;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class FamiliesTest {
  @Test
  void registries_sealedFamilies_coverEveryMemberButCustom() {
    assertCovered(
        DataConfig.Source.class,
        DataFamilies.DATA,
        kind -> "data { kind = " + kind + data(kind) + " }",
        run -> run.data().source());
    assertCovered(
        ModelConfig.Architecture.class,
        ModelFamilies.MODEL,
        kind -> "model { kind = " + kind + model(kind) + " }",
        run -> run.model().architecture());
    assertCovered(
        OptimizerConfig.class,
        TrainFamilies.OPTIMIZER,
        kind -> "train.optimizer = " + kind,
        run -> run.train().step().optimizer());
    assertCovered(
        LearningRateConfig.class,
        TrainFamilies.LEARNING_RATE,
        kind -> "train.learning-rate = " + kind,
        run -> run.train().step().learningRate());
    assertCovered(
        BudgetConfig.class,
        ChannelFamilies.BUDGET,
        kind -> "prune.granularity { kind = channel, budget = %s }".formatted(kind),
        run -> ((GranularityConfig.Channel) run.prune().granularity()).budget());
  }

  @Test
  void registries_enumFamilies_coverEveryConstant() {
    assertThat(ChannelFamilies.REDUCTION.names()).isEqualTo(kebab(Reduction.values()));
    assertThat(ChannelFamilies.MEMBERS.names()).isEqualTo(kebab(ChannelScoring.Members.values()));
    assertThat(ChannelFamilies.SIGNS.names()).isEqualTo(kebab(ChannelScoring.Signs.values()));
    assertThat(ChannelFamilies.NORMALISATION.names())
        .isEqualTo(kebab(ChannelScoring.Normalisation.values()));
    assertThat(ChannelFamilies.NORM_SCALING.names()).isEqualTo(kebab(NormScaling.values()));
    assertThat(ChannelFamilies.CUT.names()).isEqualTo(kebab(CuttingConfig.When.values()));
    assertThat(DataFamilies.CHANNELS.names()).isEqualTo(kebab(DataConfig.ChannelOrder.values()));
  }

  @Test
  void channel_withoutAReductionOfMembers_hasTheSame() {
    assertThat(reductions("reduction = l2")).containsExactly(Reduction.L2, Reduction.L2);
    assertThat(reductions("reduction = l2, member-reduction = same"))
        .containsExactly(Reduction.L2, Reduction.L2);
    assertThat(reductions("reduction = squares, member-reduction = mean"))
        .containsExactly(Reduction.SQUARES, Reduction.MEAN);
  }

  private static List<Reduction> reductions(String keys) {
    RunConfig run = run("prune.granularity { kind = channel, %s }".formatted(keys));
    ChannelScoring scoring = ((GranularityConfig.Channel) run.prune().granularity()).scoring();
    return List.of(scoring.reduction(), scoring.memberReduction());
  }

  @Test
  void schedule_ofOneKind_inheritsNoKeyOfTheDefaultKind() {
    RunConfig run = run("prune.schedule { kind = one-shot }");

    assertThat(run.prune().schedule())
        .isEqualTo(MemberSettings.of("one-shot").with("begin", new Span.Percent(50)));
  }

  private static String model(String kind) {
    return switch (kind) {
      case "layers" -> ", layers = [flatten]";
      case "onnx" -> ", file = net.onnx";
      default -> "";
    };
  }

  private static String data(String kind) {
    return switch (kind) {
      case "csv" -> ", path = x, label = y";
      case "idx" -> ", path = x";
      case "images" -> ", path = x, size = 8";
      case "kafka" -> ", topic = t, features = 4, classes = 3 }, train { samples = 1000";
      default -> "";
    };
  }

  private static <T> void assertCovered(
      Class<? super T> family,
      Family<?> registry,
      Function<String, String> recipe,
      Function<RunConfig, T> member) {
    Set<T> read =
        registry.names().stream()
            .map(kind -> member.apply(run(recipe.apply(kind))))
            .collect(Collectors.toSet());

    assertThat(read.stream().map(Object::getClass).collect(Collectors.toSet()))
        .isEqualTo(
            members(family)
                .filter(type -> !type.getSimpleName().equals("Custom"))
                .collect(Collectors.toSet()));
    assertThat(read).hasSameSizeAs(registry.names());
  }

  private static Stream<Class<?>> members(Class<?> family) {
    return Stream.of(family.getPermittedSubclasses())
        .flatMap(type -> type.isSealed() ? members(type) : Stream.of(type));
  }

  private static RunConfig run(String lines) {
    return new RecipeLoader()
        .parse("test.conf", "data = digits, model = lenet-5\n" + lines, List.of())
        .config();
  }

  private static List<String> kebab(Enum<?>... constants) {
    return Stream.of(constants).map(FamiliesTest::kebab).toList();
  }

  private static String kebab(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
