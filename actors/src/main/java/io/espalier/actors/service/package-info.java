/** The words of the training service: what is submitted, how it stands, and what may be asked. */
@NullMarked
package io.espalier.actors.service;

import org.jspecify.annotations.NullMarked;
