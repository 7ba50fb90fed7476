package io.espalier.trainer.sparse;

/**
 * The settings that hold for all layers of a network.
 *
 * @param team the threads that compute it
 * @param batch the most examples with those that fill up
 * @param ofSequences whether any layer gives a sequence; other networks keep the bits of their
 *     runs, and compute functions in double
 */
record SparsePass(
    Team team,
    BatchNormalization.Momentum momentum,
    int batch,
    boolean trains,
    boolean ofSequences) {}
