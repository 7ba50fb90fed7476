package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.BuiltInPlugins;
import io.espalier.configs.plugin.PluginGuard;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.PluginRegistry;
import io.espalier.masks.statistic.ResidualChange.Distance;
import java.util.List;

/** The built-in scores, and those of users by their name. */
public final class Scores implements BuiltInPlugins {
  @Override
  public List<ScoreProvider> list() {
    return List.of(
        new MagnitudeScore(),
        new RandomScore(),
        new DataScore("taylor", 4, TaylorScore::new),
        new DataScore("snip", 4, SnipScore::new),
        new GraspScore(),
        new DataScore("wanda", 4, WandaScore::new),
        new RelativeImportanceScore(),
        new LampScore(),
        new DataScore("fisher", 4, CurvatureScore::fisher),
        new ProbedScore("obd", CurvatureScore::new),
        new ObsScore(),
        new BlockObsScore(),
        new LassoScore(),
        new GreedyObsScore(),
        new KroneckerScore(),
        new WoodFisherScore(),
        new SupportScore(),
        new SynFlowScore(),
        new DataScore("lrp", 4, RelevanceScore::new),
        new GblmScore(),
        new RegionalWandaScore(),
        new AttentionMapScore(),
        new DataScore("variance", 4, InputValueScore::variance),
        new FluctuationScore(),
        new DataScore("contribution", 2, ContributionScore::new),
        new ProbedScore("hessian-trace", HessianTraceScore::new),
        new GeometricMedianScore(),
        new NormScaleScore(),
        new KindScore("movement"),
        new KindScore("averaged-taylor"),
        new KindScore("hard-concrete"),
        new KindScore("transport"),
        new KindScore("keep-logits"),
        new KindScore("edge-popup"),
        new ChannelTaylorScore(),
        new ResidualChangeScore("angular-distance", Distance.ANGLE),
        new ResidualChangeScore("cosine-distance", Distance.COSINE));
  }

  public static Score of(MemberSettings settings, long seed) {
    return PluginRegistry.create(
        PluginKind.SCORE,
        settings,
        ScoreProvider.class,
        provider -> provider.create(settings, seed),
        ScoreChecks::around);
  }

  /** Returns a user's score that cannot change what it is given; errors name the plug-in. */
  public static Score guarded(PluginGuard guard, Score score) {
    return ScoreChecks.around(guard, score);
  }
}
