package io.espalier.trainer.step;

/** Takes one unit of a parameter. */
@FunctionalInterface
interface UnitVisitor {
  void visit(TrainedParameter parameter, int unit);
}
