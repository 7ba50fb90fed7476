package io.espalier.actors.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.espalier.configs.RunConfig;

/** Modules depend in one direction, and each library has one owner. */
@AnalyzeClasses(packages = "io.espalier", importOptions = DoNotIncludeTests.class)
final class ModulesTest {
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
          .layer("actors")
          .definedBy("io.espalier.actors..")
          .whereLayer("configs")
          .mayNotAccessAnyLayer()
          .whereLayer("masks")
          .mayOnlyAccessLayers("configs")
          .whereLayer("trainer")
          .mayOnlyAccessLayers("configs", "masks")
          .whereLayer("telemetry")
          .mayOnlyAccessLayers("configs")
          .whereLayer("actors")
          .mayOnlyAccessLayers("configs", "masks", "trainer", "telemetry");

  @ArchTest
  static final ArchRule engine_isOnlyInTrainer = onlyIn("io.espalier.trainer..", "ai.djl..");

  @ArchTest
  static final ArchRule actorsAndTransport_areOnlyInActors =
      onlyIn("io.espalier.actors..", "akka..", "io.aeron..", "org.agrona..", "io.grpc..");

  @ArchTest
  static final ArchRule kafka_isOnlyInTelemetry =
      onlyIn("io.espalier.telemetry..", "org.apache.kafka..", "kafka..", "io.cloudevents..");

  @ArchTest
  static final ArchRule certificates_areMadeOnlyInTrust =
      onlyIn("io.espalier.actors.federation.trust..", "org.bouncycastle..");

  @ArchTest
  static final ArchRule hocon_isOnlyInConfigsAndActors =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.espalier.configs..", "io.espalier.actors..")
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
              "java..", "io.espalier.masks..", "io.espalier.configs..", "org.jspecify..");

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

  @ArchTest static final ArchRule packagesOfActors_haveNoCycles = noCycles("actors");

  private static ArchRule onlyIn(String owner, String... libraries) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(owner)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(libraries);
  }

  private static ArchRule noCycles(String module) {
    return slices().matching("io.espalier.(" + module + "..)").should().beFreeOfCycles();
  }
}
