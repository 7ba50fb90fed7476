package io.espalier.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.espalier.configs.RunConfig;
import java.util.List;
import java.util.stream.Stream;

/** Modules depend in one direction, and each library has one owner. */
@AnalyzeClasses(packages = "io.espalier", importOptions = DoNotIncludeTests.class)
final class ModulesTest {
  private static final List<String> ACTORS =
      List.of(
          "io.espalier.training..",
          "io.espalier.federation..",
          "io.espalier.console..",
          "io.espalier.edge..",
          "io.espalier.service..",
          "io.espalier.cli..",
          "io.espalier.bench..");

  private static final List<String> ENGINE =
      List.of("io.espalier.trainer.engine..", "io.espalier.trainer.executor.engine..");

  @ArchTest
  static final ArchRule modules_dependInOneDirection =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("configs")
          .definedBy("io.espalier.configs..")
          .layer("masks")
          .definedBy("io.espalier.masks..")
          .layer("trainer")
          .definedBy("io.espalier.trainer..")
          .layer("telemetry")
          .definedBy("io.espalier.telemetry..")
          .layer("training")
          .definedBy("io.espalier.training..")
          .layer("federation")
          .definedBy("io.espalier.federation..")
          .layer("edge")
          .definedBy("io.espalier.edge..", "io.espalier.console..")
          .layer("service")
          .definedBy("io.espalier.service..")
          .layer("cli")
          .definedBy("io.espalier.cli..")
          .layer("bench")
          .definedBy("io.espalier.bench..")
          .whereLayer("configs")
          .mayNotAccessAnyLayer()
          .whereLayer("masks")
          .mayOnlyAccessLayers("configs")
          .whereLayer("trainer")
          .mayOnlyAccessLayers("configs", "masks")
          .whereLayer("telemetry")
          .mayOnlyAccessLayers("configs")
          .whereLayer("training")
          .mayOnlyAccessLayers("configs", "masks", "trainer", "telemetry")
          .whereLayer("federation")
          .mayOnlyAccessLayers("configs", "masks", "trainer", "telemetry", "training")
          .whereLayer("edge")
          .mayOnlyAccessLayers("configs", "masks", "trainer", "federation")
          .whereLayer("service")
          .mayOnlyAccessLayers("configs", "masks", "trainer", "telemetry", "training", "federation")
          .whereLayer("cli")
          .mayOnlyAccessLayers(
              "configs",
              "masks",
              "trainer",
              "telemetry",
              "training",
              "federation",
              "edge",
              "service")
          .whereLayer("bench")
          .mayNotBeAccessedByAnyLayer();

  @ArchTest
  static final ArchRule modulesOfTheTrainer_dependInOneDirection =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("network")
          .definedBy(in("network..", "file..", "initial.."))
          .layer("data")
          .definedBy(in("data..", "stream.."))
          .layer("onnx")
          .definedBy(in("onnx.read..", "onnx.write.."))
          .layer("training")
          .definedBy(
              in(
                  "capability",
                  "checkpoint",
                  "execution",
                  "executor",
                  "federated",
                  "latency",
                  "objective",
                  "observer",
                  "optimizer",
                  "prepare",
                  "replica",
                  "run",
                  "state",
                  "step",
                  "stored",
                  "sync",
                  "update"))
          .layer("engine")
          .definedBy(ENGINE.toArray(String[]::new))
          .layer("sparse")
          .definedBy(in("sparse..", "executor.sparse.."))
          .layer("tools")
          .definedBy(in("analysis..", "model..", "offline..", "onnx"))
          .whereLayer("network")
          .mayNotAccessAnyLayer()
          .whereLayer("data")
          .mayOnlyAccessLayers("network")
          .whereLayer("onnx")
          .mayOnlyAccessLayers("network")
          .whereLayer("training")
          .mayOnlyAccessLayers("network", "data")
          .whereLayer("engine")
          .mayOnlyAccessLayers("network", "data", "training")
          .whereLayer("sparse")
          .mayOnlyAccessLayers("network", "data", "training")
          .whereLayer("tools")
          .mayOnlyAccessLayers("network", "data", "onnx", "training", "sparse");

  @ArchTest
  static final ArchRule engine_isInOneModule = onlyIn(ENGINE, "ai.djl..", "com.sun.jna..");

  /** Back ends know networks; networks know none of them. */
  @ArchTest
  static final ArchRule networks_areData =
      noClasses()
          .that()
          .resideInAPackage("io.espalier.trainer.network..")
          .should()
          .dependOnClassesThat()
          .resideOutsideOfPackages(
              "java..",
              "io.espalier.trainer.network..",
              "io.espalier.masks..",
              "io.espalier.configs..",
              "com.fasterxml.jackson..",
              "org.jspecify..");

  /** Each layer has one op per back end, which its package holds. */
  @ArchTest
  static final ArchRule opsOfTheEngine_nameNoOtherBackEnd =
      noClasses()
          .that()
          .resideInAnyPackage("io.espalier.trainer.engine.op", "io.espalier.trainer.engine.block")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.espalier.trainer.onnx..",
              "io.espalier.trainer.executor..",
              "io.espalier.trainer.prepare..",
              "ai.onnx..");

  /** An edge client without the engine trains by it. */
  @ArchTest
  static final ArchRule sparseExecution_isPureJava =
      noClasses()
          .that()
          .resideInAnyPackage("io.espalier.trainer.sparse..", "io.espalier.trainer.update")
          .should()
          .dependOnClassesThat()
          .resideOutsideOfPackages(
              "java..",
              "com.sun.management..",
              "jdk.incubator.vector..",
              "io.espalier.trainer.sparse..",
              "io.espalier.trainer.update",
              "io.espalier.trainer.data",
              "io.espalier.trainer.network",
              "io.espalier.masks..",
              "io.espalier.configs..",
              "org.jspecify..");

  /**
   * The edge's jar has neither the engine nor the modules of servers: its build leaves them out.
   */
  @ArchTest
  static final ArchRule devices_nameNothingOfServers =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.espalier.edge..",
              "io.espalier.console..",
              "io.espalier.federation.client..",
              "io.espalier.federation.transfer..",
              "io.espalier.federation.trust..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "ai.djl..",
              "com.sun.jna..",
              "io.espalier.trainer.executor.engine..",
              "io.espalier.trainer.stored..",
              "io.espalier.trainer.model..",
              "io.espalier.trainer.onnx..",
              "io.espalier.telemetry..",
              "io.espalier.training..",
              "io.espalier.federation.server..",
              "io.espalier.federation.simulation..");

  @ArchTest
  static final ArchRule onnx_isOnlyInItsPackages =
      onlyIn(List.of("io.espalier.trainer.onnx.."), "ai.onnx.proto..", "ai.onnxruntime..");

  @ArchTest
  static final ArchRule vectors_areOnlyInSparseExecution =
      onlyIn(List.of("io.espalier.trainer.sparse.."), "jdk.incubator.vector..");

  @ArchTest
  static final ArchRule actorsAndTransport_areOnlyInActors =
      onlyIn(ACTORS, "akka..", "io.aeron..", "org.agrona..", "io.grpc..");

  @ArchTest
  static final ArchRule kafka_isOnlyInTelemetry =
      onlyIn(
          List.of("io.espalier.telemetry.."), "org.apache.kafka..", "kafka..", "io.cloudevents..");

  @ArchTest
  static final ArchRule certificates_areMadeOnlyInTrust =
      onlyIn(List.of("io.espalier.federation.trust.."), "org.bouncycastle..");

  @ArchTest
  static final ArchRule mail_isOnlyInNotices =
      onlyIn(List.of("io.espalier.service.notice.."), "jakarta.mail..", "org.eclipse.angus..");

  @ArchTest
  static final ArchRule hocon_isOnlyInConfigsAndActors =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              Stream.concat(Stream.of("io.espalier.configs.."), ACTORS.stream())
                  .toArray(String[]::new))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.typesafe.config..");

  @ArchTest
  static final ArchRule masks_arePureJava =
      noClasses()
          .that()
          .resideInAPackage("io.espalier.masks..")
          .should()
          .dependOnClassesThat()
          .resideOutsideOfPackages(
              "java..",
              "io.espalier.masks..",
              "io.espalier.configs..",
              "org.jspecify..",
              "org.ejml..");

  @ArchTest
  static final ArchRule matrices_areOnlyInAlgebra =
      onlyIn(List.of("io.espalier.masks.algebra.."), "org.ejml..");

  /** {@code RunConfig} is the root of the records and uses its parts; nothing else may. */
  @ArchTest
  static final ArchRule packagesOfConfigs_haveNoCycles =
      slices()
          .matching("io.espalier.(configs..)")
          .should()
          .beFreeOfCycles()
          .ignoreDependency(
              DescribedPredicate.describe(
                  "run config", each -> each.isEquivalentTo(RunConfig.class)),
              DescribedPredicate.alwaysTrue());

  @ArchTest static final ArchRule packagesOfMasks_haveNoCycles = noCycles("masks");

  @ArchTest static final ArchRule packagesOfTrainer_haveNoCycles = noCycles("trainer");

  @ArchTest static final ArchRule packagesOfTelemetry_haveNoCycles = noCycles("telemetry");

  @ArchTest static final ArchRule packagesOfTraining_haveNoCycles = noCycles("training");

  @ArchTest static final ArchRule packagesOfFederation_haveNoCycles = noCycles("federation");

  @ArchTest static final ArchRule packagesOfEdge_haveNoCycles = noCycles("edge");

  @ArchTest static final ArchRule packagesOfService_haveNoCycles = noCycles("service");

  @ArchTest static final ArchRule packagesOfCli_haveNoCycles = noCycles("cli");

  @ArchTest static final ArchRule packagesOfBench_haveNoCycles = noCycles("bench");

  private static String[] in(String... packages) {
    return Stream.of(packages).map("io.espalier.trainer."::concat).toArray(String[]::new);
  }

  private static ArchRule onlyIn(List<String> owners, String... libraries) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(owners.toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(libraries);
  }

  private static ArchRule noCycles(String module) {
    return slices().matching("io.espalier.(" + module + "..)").should().beFreeOfCycles();
  }
}
