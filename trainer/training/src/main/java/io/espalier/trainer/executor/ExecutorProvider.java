package io.espalier.trainer.executor;

import io.espalier.trainer.execution.BackEnd;

/** A back end with the executors of replicas; it is found as a {@link BackEnd}. */
public interface ExecutorProvider extends BackEnd, ExecutorFactory {}
