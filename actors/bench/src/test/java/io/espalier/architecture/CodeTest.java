package io.espalier.architecture;

import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.espalier.configs.fault.CrashPoint;
import io.espalier.trainer.engine.ConstantOperand;
import io.espalier.trainer.engine.TensorEngine;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.function.Consumer;

/** Rules for single classes. */
@AnalyzeClasses(packages = "io.espalier", importOptions = DoNotIncludeTests.class)
final class CodeTest {
  @ArchTest
  static final ArchRule classes_areFinalUnlessMadeToBeExtended =
      classes().that(areExtendable()).should(be(finalOrSealed()));

  @ArchTest
  static final ArchRule javaSerialisation_isNotUsed =
      noClasses()
          .should()
          .dependOnClassesThat()
          .areAssignableTo(ObjectInputStream.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(ObjectOutputStream.class);

  /**
   * The engine frees such a number before the backward pass reads it: see {@link ConstantOperand}.
   */
  @ArchTest
  static final ArchRule engine_isNotCalledWithBareNumbers =
      noClasses()
          .should()
          .callMethodWhere(
              DescribedPredicate.describe(
                  "an operation of the engine takes a number",
                  call ->
                      call.getTargetOwner().getPackageName().equals("ai.djl.ndarray")
                          && call.getTarget().getRawParameterTypes().stream()
                              .anyMatch(type -> type.isEquivalentTo(Number.class))));

  @ArchTest
  static final ArchRule engine_isStartedInOnePlace =
      noClasses()
          .that()
          .doNotBelongToAnyOf(TensorEngine.class)
          .should()
          .callMethod(Engine.class, "getInstance")
          .orShould()
          .callMethod(NDManager.class, "newBaseManager");

  @ArchTest
  static final ArchRule crashPoints_areArmedByTestsOnly =
      noClasses().should().callMethod(CrashPoint.class, "arm", Consumer.class);

  @ArchTest
  static final ArchRule console_belongsToTheCommandLine =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.espalier.cli..", "io.espalier.console..", "io.espalier.bench..")
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err");

  private static DescribedPredicate<JavaClass> areExtendable() {
    return DescribedPredicate.describe(
        "are neither interfaces, enums nor anonymous",
        each ->
            !each.isInterface()
                && !each.isEnum()
                && !each.isAnonymousClass()
                && !each.isAssignableTo(Enum.class));
  }

  private static DescribedPredicate<JavaClass> finalOrSealed() {
    return DescribedPredicate.describe(
        "final, sealed or abstract",
        each ->
            each.getModifiers().contains(JavaModifier.FINAL)
                || each.getModifiers().contains(JavaModifier.ABSTRACT)
                || each.reflect().isSealed());
  }
}
