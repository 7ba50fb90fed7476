/** Faults: back-off between attempts, texts for users, and the crash points that tests arm. */
package io.espalier.configs.fault;
