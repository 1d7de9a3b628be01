//! A file as a job: its rows are read and checked in pieces, so that memory does not grow with it.

use domain::import::{FileProblem, Kind, Mapping, MappingProblem, RawRow};
use domain::{Cause, Failure, JobId};

use super::{Heading, Limits, Reader, RowsOfFile};
use crate::jobs::{Jobs, Making, NewJob};

/// Why a file cannot be made a job.
#[derive(Clone, Debug, PartialEq)]
pub enum ImportProblem {
    /// The file as a whole.
    File(FileProblem),
    /// Its columns.
    Columns(Vec<MappingProblem>),
    /// The database.
    Failed(Failure),
}

impl From<FileProblem> for ImportProblem {
    fn from(problem: FileProblem) -> Self {
        Self::File(problem)
    }
}

impl From<Failure> for ImportProblem {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// A file that is being made a job.
#[must_use]
pub struct Import {
    reader: Reader,
    kind: Kind,
    /// What the columns are, where somebody said it; they are found by their names else.
    chosen: Option<Mapping>,
    making: Making,
    rows: Option<RowsOfFile>,
    raw: Vec<RawRow>,
}

impl Import {
    /// Begins to make a job of a file.
    pub async fn begin(
        jobs: &Jobs,
        new: NewJob<'_>,
        kind: Kind,
        chosen: Option<Mapping>,
    ) -> Result<Self, Failure> {
        Ok(Self {
            reader: Reader::new(Limits::default()),
            kind,
            chosen,
            making: jobs.make(new).await?,
            rows: None,
            raw: Vec::new(),
        })
    }

    /// Reads a piece of the file.
    pub async fn feed(&mut self, bytes: &[u8]) -> Result<(), ImportProblem> {
        self.reader.feed(bytes, &mut self.raw)?;
        let heading = self.reader.heading().cloned();
        self.add(heading.as_ref()).await
    }

    async fn add(&mut self, heading: Option<&Heading>) -> Result<(), ImportProblem> {
        let Some(heading) = heading else {
            return Ok(());
        };
        let rows = if let Some(rows) = &mut self.rows {
            rows
        } else {
            let mapping = match self.chosen.take() {
                Some(chosen) => chosen,
                None => Mapping::found(self.kind, &heading.columns)?,
            };
            let problems = mapping.problems();
            if !problems.is_empty() {
                return Err(ImportProblem::Columns(problems));
            }
            let instance = self.making.instance().ok_or(Cause::Internal);
            let instance = instance.map_err(Failure::from)?.clone();
            self.rows.insert(RowsOfFile::new(mapping, instance))
        };
        for raw in self.raw.drain(..) {
            self.making.add(rows.row(&raw)).await?;
        }
        Ok(())
    }

    /// The file is read. The job begins to plan.
    pub async fn finish(mut self) -> Result<JobId, ImportProblem> {
        let reader = std::mem::replace(&mut self.reader, Reader::new(Limits::default()));
        let heading = reader.finish(&mut self.raw)?;
        self.add(Some(&heading)).await?;
        Ok(self.making.finish().await?)
    }

    /// Takes away what was made of it so far.
    pub async fn give_up(self) {
        self.making.give_up().await;
    }
}
