package io.espalier.configs.recipe;

import static io.espalier.configs.recipe.Notation.DURATION;
import static io.espalier.configs.recipe.Notation.FLAG;
import static io.espalier.configs.recipe.Notation.OPTIONAL_REAL;
import static io.espalier.configs.recipe.Notation.REAL;
import static io.espalier.configs.recipe.Notation.SHARE;
import static io.espalier.configs.recipe.Notation.WHOLE;

import io.espalier.configs.ClientConfig;
import io.espalier.configs.CohortConfig;
import io.espalier.configs.FederationConfig;
import io.espalier.configs.FederationConfig.FedTiny.CandidateNorms;
import io.espalier.configs.MergeConfig;
import io.espalier.configs.RoundsConfig;
import io.espalier.configs.RoundsConfig.AggregationConfig;
import io.espalier.configs.RoundsConfig.UpdateEncoding;
import io.espalier.configs.ServerTrainingConfig;
import java.util.List;

/** The registries of federation choices: one line per method. */
final class FederationFamilies {
  static final String LOSS_BOUND = "loss-bound";

  /** The order of the keys in a resolved recipe, whose digest decides whether a checkpoint fits. */
  private static final List<String> ORDER =
      List.of(
          Overrides.KIND,
          "rounds",
          "cohort",
          "over-commit",
          "quorum",
          "deadline",
          "round-limit",
          "local-epochs",
          "proximal",
          "clip-norm",
          "largest-norm",
          "norm-bound",
          "weight-bound",
          LOSS_BOUND,
          "largest-examples",
          "encoding",
          "aggregation",
          "held-back",
          "server-examples",
          "server-epochs",
          "evaluate-every",
          "widths",
          "scaler");

  static final Family<FederationConfig> FEDERATION =
      Family.<FederationConfig>named("federation")
          .with("none", s -> new FederationConfig.None())
          .with("fedavg", s -> new FederationConfig.FedAvg(s.part(FederationFamilies::rounds)))
          .with("fedtiny", FederationFamilies::fedTiny)
          .planned("feddst", "prunefl", "fedpm", "fedrts");

  static final Family<AggregationConfig> AGGREGATION =
      Family.<AggregationConfig>named("aggregation")
          .with("mean", s -> new AggregationConfig.Mean())
          .with("trimmed-mean", s -> new AggregationConfig.TrimmedMean(s.value("drop", WHOLE)))
          .with("median", s -> new AggregationConfig.Median())
          .with("krum", s -> new AggregationConfig.Krum(s.value("faulty", WHOLE)));

  static final Family<CandidateNorms> CANDIDATE_NORMS =
      Family.of("candidate-norms", CandidateNorms.class);

  static final Family<UpdateEncoding> ENCODING = Family.of("encoding", UpdateEncoding.class);

  private FederationFamilies() {}

  private static FederationConfig fedTiny(Section federation) {
    return new FederationConfig.FedTiny(
        federation.part(FederationFamilies::rounds),
        federation.value("candidates", WHOLE),
        federation.value("spread", SHARE),
        federation.value("adjust-every", WHOLE),
        federation.value("adjust-until", WHOLE),
        federation.value("blocks", WHOLE),
        federation.value("fraction", SHARE),
        CANDIDATE_NORMS.read(federation, CANDIDATE_NORMS.name()));
  }

  private static RoundsConfig rounds(Section federation) {
    RoundsConfig config =
        new RoundsConfig(
            federation.value("rounds", WHOLE),
            federation.value("evaluate-every", WHOLE),
            federation.part(FederationFamilies::cohort),
            federation.part(FederationFamilies::client),
            federation.part(FederationFamilies::merge),
            federation.part(FederationFamilies::server));
    federation.arrange(ORDER);
    return config;
  }

  private static CohortConfig cohort(Section federation) {
    return new CohortConfig(
        federation.value("cohort", WHOLE),
        federation.value("over-commit", SHARE),
        federation.value("quorum", SHARE),
        federation.value("deadline", DURATION),
        federation.value("round-limit", DURATION));
  }

  private static ClientConfig client(Section federation) {
    return new ClientConfig(
        federation.value("local-epochs", WHOLE),
        federation.value("proximal", REAL),
        federation.value("clip-norm", OPTIONAL_REAL),
        ENCODING.read(federation, "encoding"),
        federation.value("held-back", SHARE),
        federation.value("widths", SHARE.list()),
        federation.given("scaler", FLAG));
  }

  private static MergeConfig merge(Section federation) {
    return new MergeConfig(
        AGGREGATION.read(federation, "aggregation"),
        federation.value("largest-norm", OPTIONAL_REAL),
        federation.value("norm-bound", OPTIONAL_REAL),
        federation.value("weight-bound", OPTIONAL_REAL),
        federation.value(LOSS_BOUND, OPTIONAL_REAL),
        federation.value("largest-examples", WHOLE));
  }

  private static ServerTrainingConfig server(Section federation) {
    return new ServerTrainingConfig(
        federation.value("server-examples", WHOLE), federation.value("server-epochs", WHOLE));
  }
}
